// Everything one run has to say; what report/ renders and `backscan report` reads back.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/audit_note.h"
#include "model/finding.h"
#include "model/likely_cause.h"
#include "model/listing.h"
#include "model/mail_activity.h"
#include "model/run_history.h"
#include "model/sender.h"

namespace backscan {

/// Something in scope that was not done; each makes a scan incomplete (exit 2) unless `is_note`.
enum class Stage : std::uint8_t { kWalk, kRead, kUnpack, kMatch, kRule, kDns, kLog, kQueue };
inline constexpr std::array<std::string_view, 8> kStageNames = {"walk", "read", "unpack", "match",
                                                                "rule", "dns",  "log",    "queue"};
[[nodiscard]] constexpr std::string_view name_of(Stage s) {
  return kStageNames[static_cast<std::size_t>(s)];
}

struct ErrorRecord {
  Stage stage = Stage::kWalk;
  std::string path;  // or zone, rule, flag: the object
  std::string reason;
  bool is_note = false;  // told, but does not make the scan incomplete
  auto operator<=>(const ErrorRecord&) const = default;
};

struct Counts {
  std::uint64_t files_seen = 0;
  std::uint64_t files_scanned = 0;    // read and judged, in whole
  std::uint64_t files_partial = 0;    // head and tail only
  std::uint64_t files_unchanged = 0;  // taken from --state
  std::uint64_t directories = 0;
  std::uint64_t bytes_seen = 0;
  std::uint64_t bytes_scanned = 0;
  std::map<std::string, std::uint64_t> skipped;  // by reason: "excluded", "symlink", "not-a-file"
};

struct Summary {
  Counts counts;
  std::array<std::uint64_t, 5> by_severity{};  // index: Severity
  std::map<std::string, std::uint64_t> by_class;
  std::map<std::string, std::uint64_t> suppressed;  // findings left out: "baseline", "ignore"
  double wall_seconds = 0;
  double cpu_seconds = 0;
  std::string rules_version;
  bool is_complete = true;
  std::vector<std::string> incomplete_reasons;  // "interrupted", "time limit", "3 files unreadable"
  std::vector<LikelyCause> causes;              // likeliest first
  std::vector<std::string> advice;              // join/'s words: cause, clock, what to do first
};

struct ScanInfo {
  std::string tool_version;
  std::string host;  // of a merged result: all of them, joined by ", "
  std::vector<std::string> roots;
  std::vector<std::string> ips;
  std::optional<Time> seen;  // --seen: the last abuse, as the list's page shows it
  Time started{};
  std::uint64_t rules = 0;
  bool is_offline = false;
};

struct ScanResult {
  ScanInfo scan;
  std::vector<Finding> findings;  // sorted by (path, line, column, rule)
  std::vector<Listing> listings;  // sorted by (ip, zone)
  std::vector<AuditNote> audit;
  std::vector<Sender> senders;       // most messages first
  std::optional<MailActivity> mail;  // nothing where no log or queue was found or asked for
  std::optional<RunHistory> history;  // nothing without --state
  std::vector<ErrorRecord> errors;   // sorted
  Summary summary;
};

}  // namespace backscan

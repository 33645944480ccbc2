// The story of a scan: walk, read, look, judge, collect; one parallel loop, then a sort.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "external/external_rules.h"
#include "known/known_good.h"
#include "model/scan_result.h"
#include "php/unpack.h"
#include "rules/rule_set.h"
#include "walk/walk.h"

namespace backscan::scan {

enum class FilesMode : std::uint8_t { kPhp, kSniff, kAll };

struct ScanOptions {
  walk::WalkOptions walk;
  FilesMode files = FilesMode::kSniff;
  std::uint64_t max_filesize_bytes = std::uint64_t{64} << 20;
  unsigned jobs = 0;  // 0: the cores this process may use
  std::optional<std::chrono::seconds> time_limit;
  std::string state_directory;  // where clean files are remembered; empty: nowhere
  std::string state_salt;       // whatever else decides verdicts: the program's version
  bool full = false;            // read unchanged files, too
  bool use_memo = true;
  bool use_triggers = true;  // false: every stage on every file; for the test that proves them
  php::UnpackLimits unpack;
  /// Processor time for one file; what is left of it then is told as not scanned in full.
  std::chrono::milliseconds file_time_limit{10'000};
  bool show_addresses = false;
  /// Rules from elsewhere; null: none. Must outlive the scan.
  const external::ExternalRules* external = nullptr;
  /// Vendors' releases; null: none. Must outlive the scan.
  const known::KnownGood* known_good = nullptr;
  rules::RuleCounts* rule_counts = nullptr;  // for `rules stats`; null: nobody counts
};

/// The threads that `jobs` stands for: itself, or for 0 the cores this process may use, and up to
/// eight where there are fewer: a cold disk keeps threads waiting.
[[nodiscard]] unsigned threads_for(unsigned jobs);

/// Numbers of a running scan, read by the progress line. Relaxed atomics: a stale value is fine.
struct Progress {
  std::atomic<std::uint64_t> files{0};
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::uint64_t> findings{0};
};

/// Fills findings, errors and summary counts; listings and join come later. `interrupted` is polled:
/// once true the scan ends soon, and the result says that it is incomplete.
[[nodiscard]] ScanResult scan(const ScanOptions& options, const rules::RuleSet& rules,
                              Progress& progress, const std::atomic<bool>& interrupted);

}  // namespace backscan::scan

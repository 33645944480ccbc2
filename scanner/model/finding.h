// What the rules found and where: the record that every output, baseline and action speaks of.
// Field by field the `finding` table of CONTRACT.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/severity.h"
#include "model/view.h"

namespace backscan {

using Time = std::chrono::sys_time<std::chrono::nanoseconds>;

/// What logs and queues say about the file: null in the outputs where none was looked at.
struct Evidence {
  std::uint64_t messages = 0;
  std::uint64_t recipients = 0;
  /// Messages with MAIL FROM:<>: its own, and the answers to its messages that left for other hosts.
  std::uint64_t null_sender = 0;
  std::optional<Time> first;
  std::optional<Time> last;
  std::vector<std::string> sources;  // "exim:/var/log/exim4/mainlog"
  /// Messages at or after the listing's time; nothing where that time is not known.
  std::optional<std::uint64_t> since_listing;
};

/// A step of the path from source to sink, in lines of the file on disk.
struct FlowStep {
  std::size_t line = 0;
  std::string what;
};

struct FileInfo {
  std::string sha256;  // lower-case hex; empty where the file was not read whole
  std::uint64_t size = 0;
  std::optional<Time> mtime;
  std::optional<Time> ctime;
  std::string owner;  // user name, or the numeric uid
  std::uint32_t uid = 0;
  std::uint32_t mode = 0;  // st_mode & 07777
};

struct Finding {
  std::string rule;
  std::string title;
  std::string rule_class;
  Severity severity = Severity::kInfo;
  Confidence confidence = Confidence::kLow;
  std::vector<Cause> causes;

  std::string path;  // absolute, raw bytes: outputs repair and escape
  std::string root;
  std::optional<std::string> account;
  std::optional<std::string> domain;

  std::size_t line = 0;  // 1-based; 0: the finding is about the file as a whole
  std::size_t column = 0;
  std::size_t end_line = 0;
  ViewKind view = ViewKind::kRaw;
  std::vector<std::string> layers;
  std::vector<FlowStep> flow;

  std::string excerpt;  // valid UTF-8, escaped, at most 240 bytes
  std::string message;
  std::string remedy;
  std::vector<std::string> references;

  FileInfo file;
  std::string fingerprint;
  std::vector<std::string> hosts;  // where it was seen; filled when results are merged
  std::optional<Evidence> evidence;
  int rank = 0;  // 0 to 100
  std::vector<std::string> rank_reasons;
};

/// The order in which people read findings, of all hosts and files: by rank and severity, then by
/// path. Of equals in one file what stands in it comes before what is packed in it, and what the
/// program does before how it is written.
[[nodiscard]] bool is_likelier(const Finding& a, const Finding& b);

}  // namespace backscan

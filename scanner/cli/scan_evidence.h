// The evidence of a scan: logs, queues and settings, read on a thread of its own while the files are
// scanned.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <stop_token>
#include <vector>

#include "cli/scan_command.h"
#include "model/audit_note.h"

namespace backscan::cli {

class EvidenceCheck {
 public:
  /// Starts at once, ends early on `stop`.
  EvidenceCheck(const ScanCommand& command, Time now, std::stop_token stop);
  EvidenceCheck(const EvidenceCheck&) = delete;
  EvidenceCheck& operator=(const EvidenceCheck&) = delete;
  ~EvidenceCheck() = default;

  /// Waits for the end, or stops reading at `deadline`, and hands senders, mail activity, audit notes
  /// and errors over to `result`.
  void finish(ScanResult& result,
              std::optional<std::chrono::steady_clock::time_point> deadline = {});

 private:
  struct Found {
    std::vector<Sender> senders;
    std::optional<MailActivity> mail;
    std::vector<AuditNote> audit;
    std::vector<ErrorRecord> errors;
  };
  static Found look(const ScanCommand& command, Time now, const std::stop_token& stop);

  std::stop_source stop_;
  std::stop_callback<std::function<void()>> on_interrupt_;
  std::future<Found> found_;
};

}  // namespace backscan::cli

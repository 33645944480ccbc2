// The evidence of a scan: logs, queues and settings, read on a thread of its own while the files are
// scanned.
#pragma once

#include <stop_token>
#include <thread>
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

  /// Waits for the end and hands senders, mail activity, audit notes and errors over to `result`.
  void finish(ScanResult& result);

 private:
  struct Found {
    std::vector<Sender> senders;
    std::optional<MailActivity> mail;
    std::vector<AuditNote> audit;
    std::vector<ErrorRecord> errors;
  };
  static Found look(const ScanCommand& command, Time now, const std::stop_token& stop);

  Found found_;
  std::jthread thread_;
};

}  // namespace backscan::cli

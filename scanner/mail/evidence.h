// From log files and queues to who sent what: reads everything once, joins it, and hands on senders,
// backscatter and refusals. The one door of mail/ for the rest of the program.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "mail/log.h"
#include "model/mail_activity.h"
#include "model/scan_result.h"
#include "model/sender.h"

namespace backscan::mail {

struct EvidenceInput {
  std::string root = "/";
  std::vector<std::string> mail_logs;      // empty: the usual places below the root
  std::vector<std::string> php_mail_logs;  // empty: the usual places
  std::string queue = "auto";              // "auto", "off", or a directory
  std::optional<std::chrono::seconds> zone_offset;  // of stamps without a zone; default: this host's
  Time now{};
};

/// Everything the logs hold, joined; the input of all questions below.
struct MailHistory {
  MessageStore store;
  std::vector<PhpMail> php_mails;
  std::vector<Callout> callouts;
  std::map<std::string, ListRejection> rejections;
  std::vector<std::string> files;
  std::vector<ErrorRecord> errors;
  std::uint64_t lines = 0;
  std::uint64_t unknown_lines = 0;
  std::uint64_t future_lines = 0;
};

/// Reads the logs (in parallel, one task a file) and the queues. Unreadable files are errors.
[[nodiscard]] Result<MailHistory> read_history(const EvidenceInput& input);

/// Reads one log, whatever its format: the lines decide, one by one.
void read_log(class LineReader& reader, Zone zone, Time now, LogPart& part);

/// A null-sender message created here, with the message that it answers.
struct BackscatterEvent {
  const Message* message = nullptr;  // null for a callout that only the log line shows
  const Message* parent = nullptr;
  const Callout* callout = nullptr;
  BackscatterReason reason = BackscatterReason::kOther;
  bool is_backscatter = false;  // the parent came from outside and the answer went outside
  Time time{};
};

/// Every null-sender message and callout, in order of time.
[[nodiscard]] std::vector<BackscatterEvent> null_sender_events(const MailHistory& history);

[[nodiscard]] MailActivity summarize(const MailHistory& history);

/// Who submitted mail on this host, most messages first. `script_exists(path)` tells whether a guess
/// of directory and script name is a file; null: guesses are not made.
[[nodiscard]] std::vector<Sender> senders(const MailHistory& history,
                                          bool (*script_exists)(const std::string& path));

/// "a…@example.com": the local part but for its first letter is nobody's business in a report.
[[nodiscard]] std::string mask_address(std::string_view address);

}  // namespace backscan::mail

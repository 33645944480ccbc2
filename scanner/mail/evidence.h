// From log files and queues to who sent what: reads everything once, joins it, and hands on senders,
// backscatter and refusals. The one door of mail/ for the rest of the program.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
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
  // Paths on the host. Empty or "auto" alone: the usual places below the root; "off" alone: none.
  std::vector<std::string> mail_logs;
  std::vector<std::string> php_mail_logs;
  std::string queue = "auto";              // "auto", "off", or a directory
  std::optional<std::chrono::seconds> zone_offset;  // of stamps without a zone; default: this host's
  Time now{};
  std::stop_token stop = {};  // reading ends soon after a request; what was read stays
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
void read_log(class LineReader& reader, Zone zone, Time now, LogPart& part,
              const std::stop_token& stop = {});

/// Ties auto-replies that vacation programs submitted as a local user to the mail that they answer:
/// a null-sender message whose recipient sent a message to this host some minutes before.
void link_autoreplies(MessageStore& store);

/// Tells of what still waits in a queue whether it is for this host: a queue file does not say so, but
/// the log shows which domains are delivered here.
void settle_queued(MessageStore& store);

/// A null-sender message created here, with the message that it answers.
struct BackscatterEvent {
  const Message* message = nullptr;  // null for a callout that only the log line shows
  const Message* parent = nullptr;
  const Callout* callout = nullptr;
  BackscatterReason reason = BackscatterReason::kOther;
  bool is_backscatter = false;  // the answer went to another host's user
  Time time{};
};

/// Every null-sender message and callout, in order of time.
[[nodiscard]] std::vector<BackscatterEvent> null_sender_events(const MailHistory& history);

[[nodiscard]] MailActivity summarize(const MailHistory& history);

/// What the host itself knows of names that stand in its logs; empty functions know nothing.
struct HostFacts {
  /// The owner of a regular file on the host; nothing where there is no such file.
  std::function<std::optional<std::uint32_t>(const std::string& path)> owner_of = {};
  std::function<std::optional<std::uint32_t>(const std::string& user)> uid_of = {};
};

/// Who submitted mail on this host, most messages first; `since_listing` counts from `since`. A log or
/// header that names a script of another account than the one that submitted is not believed.
[[nodiscard]] std::vector<Sender> senders(const MailHistory& history, const HostFacts& host,
                                          std::optional<Time> since = {});

/// "a…@example.com": the local part but for its first letter is nobody's business in a report.
[[nodiscard]] std::string mask_address(std::string_view address);

/// Text of a log with every address in it masked and control characters escaped.
[[nodiscard]] std::string mask_addresses(std::string_view text);

}  // namespace backscan::mail

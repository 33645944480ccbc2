// What reading one log yields, and the readers of each format. A reader takes lines one at a time,
// in order; lines that are not its own are counted, never fatal.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mail/message.h"
#include "mail/timestamp.h"

namespace backscan::mail {

/// A probe of a sender address at its own server (Backscatterer lists hosts that do).
struct Callout {
  Time time{};
  std::string address;  // that was probed
  std::string detail;   // the log's own words
};

/// Another server's refusal that names a list, or quotes one's page.
struct ListRejection {
  std::uint64_t count = 0;
  Time first{};
  Time last{};
  std::string sample;
};

/// One entry of PHP's mail.log, or of a syslog line with the same text.
struct PhpMail {
  Time time{};
  std::string script;  // full path, without an eval suffix
  std::uint32_t line = 0;
  bool is_eval = false;  // "(3) : eval()'d code": of high value by itself
  std::string recipient;
  std::string subject;
};

struct LogPart {
  std::string file;
  MessageStore store;
  std::vector<Callout> callouts;
  std::map<std::string, ListRejection> rejections;  // by list
  std::vector<PhpMail> php_mails;
  std::uint64_t lines = 0;
  std::uint64_t unknown_lines = 0;  // of another program, torn, or garbage
  std::uint64_t cut_lines = 0;
  std::uint64_t future_lines = 0;
  std::uint64_t forged_lines = 0;  // of the journal: another program's that name the mail server
  std::string forger;              // who wrote the first of them
  std::uint64_t bytes = 0;
  std::uint64_t php_entries_dropped = 0;  // beyond kMaxPhpMails
  std::optional<Time> first;
  std::optional<Time> last;

  static constexpr std::size_t kMaxCallouts = 100'000;
  static constexpr std::size_t kMaxPhpMails = 2'000'000;

  /// Counts a refusal whose text names a DNS blacklist; others are passed over.
  void note_rejection(Time time, std::string_view reason);
  void note_time(Time time);
};

/// Exim's main log (specification chapter 52), with or without pid and milliseconds.
class EximLog {
 public:
  EximLog(LogPart& part, Zone& zone, Time now) : part_(part), zone_(zone), now_(now) {}
  /// False where the line is none of Exim's.
  bool take(std::string_view line);
  /// The same for a line whose time is known and is not in it.
  bool take_entry(std::string_view line, Time time);

 private:
  struct Working {
    Time time{};
    std::string_view directory;
    std::string_view parent;   // of the bounce generator: -E<id>
    std::string_view claimed;  // -f
  };
  std::optional<Time> take_time(std::string_view& line);
  void take_cwd(std::string_view rest, std::string_view pid, Time time);
  void take_arrival(Message& message, std::string_view rest, std::string_view pid);
  void take_delivery(Message& message, std::string_view rest, Time time, DeliveryStatus status);
  void take_verify_failure(std::string_view rest, Time time);

  LogPart& part_;
  Zone& zone_;
  Time now_;
  std::unordered_map<std::uint32_t, Working> by_pid_;
  Working last_;       // for logs without pids: the line before
  std::string stamp_;  // of the line before, and the time that it means
  Time stamp_time_{};
};

/// Postfix and Sendmail through syslog, and PHP's mail() lines that share the file.
class SyslogMail {
 public:
  SyslogMail(LogPart& part, Zone& zone, Time now) : part_(part), zone_(zone), now_(now) {}
  bool take(std::string_view line);
  /// The same for what a program of that name said.
  bool take_entry(std::string_view program, std::string_view message, Time time);

 private:
  bool take_postfix(std::string_view service, std::string_view rest, Time time);
  bool take_sendmail(std::string_view rest, Time time);
  void take_postfix_queue(Message& message, std::string_view service, std::string_view rest);
  void take_postfix_delivery(Message& message, std::string_view service, std::string_view rest,
                             Time time);

  LogPart& part_;
  Zone& zone_;
  Time now_;
};

/// PHP's mail.log file. A folded To or Subject can put lines of an attacker's making into it; those
/// begin with white space (RFC 5322 folding) and are never taken for entries.
class PhpMailLog {
 public:
  PhpMailLog(LogPart& part, Zone& zone, Time now) : part_(part), zone_(zone), now_(now) {}
  bool take(std::string_view line);

 private:
  LogPart& part_;
  Zone& zone_;
  Time now_;
};

/// The text after "mail() on [" of an entry; nothing where it is not of that form.
[[nodiscard]] std::optional<PhpMail> parse_php_mail(std::string_view text, Time time);

/// A word "name=value" of a log line: the value, up to the next space; brackets and quotes kept.
/// Empty where the line has no such word.
[[nodiscard]] std::string_view word_value(std::string_view line, std::string_view name);

/// What stands between '<' and '>' at the start of `text`; `text` itself, up to a space or comma,
/// where there are no brackets.
[[nodiscard]] std::string_view strip_brackets(std::string_view text);

}  // namespace backscan::mail

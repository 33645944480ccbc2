// Exim's main log, line by line. The `cwd=` line of a local submission comes before the `<=` line of
// its message; the pid joins them where it is logged, else they follow each other within a moment.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "mail/log.h"

namespace backscan::mail {
namespace {

using namespace std::chrono_literals;

bool is_id_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// Length of a message id at the start of `text`: 6-6-2, or 6-11-4 since 4.97; 0 where there is none.
std::size_t id_length(std::string_view text) {
  constexpr std::size_t kFirst = 6;
  if (text.size() < 16 || text[kFirst] != '-') return 0;
  std::size_t length = 0;
  std::size_t second = 0;
  if (text[13] == '-') {
    second = 13;
    length = 16;
  } else if (text.size() >= 23 && text[18] == '-') {
    second = 18;
    length = 23;
  } else {
    return 0;
  }
  for (std::size_t i = 0; i < length; ++i)
    if (i != kFirst && i != second && !is_id_character(text[i])) return 0;
  return length == text.size() || !is_id_character(text[length]) ? length : 0;
}

/// The first `[…]` after `from`: "H=(mx) [192.0.2.1]:25" -> "192.0.2.1".
std::string_view bracketed(std::string_view text) {
  const std::size_t open = text.find('[');
  if (open == std::string_view::npos) return {};
  const std::size_t close = text.find(']', open);
  if (close == std::string_view::npos) return {};
  return text.substr(open + 1, close - open - 1);
}

std::string_view host_of(std::string_view line) {
  const std::size_t at = line.find(" H=");
  return at == std::string_view::npos ? std::string_view{} : bracketed(line.substr(at));
}

/// The subject between quotes after T=; Exim escapes inner quotes with a backslash.
std::string_view subject_of(std::string_view line) {
  const std::size_t at = line.find(" T=\"");
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + 4);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '\\')
      ++i;
    else if (rest[i] == '"')
      return rest.substr(0, i);
  }
  return rest;
}

/// What an arrival's line says before its subject, found in one pass over the words.
struct ArrivalFields {
  std::string_view host;  // from here to the end: "H=(mx) [192.0.2.1]:25 …"
  std::string_view parent;
  std::string_view user;
  std::string_view login;
};

ArrivalFields arrival_fields(std::string_view text) {
  ArrivalFields fields;
  const auto first_of = [](std::string_view& field, std::string_view word) {
    if (field.data() == nullptr) field = word.substr(2);
  };
  for (std::size_t space = text.find(' '); space != std::string_view::npos;) {
    const std::size_t begin = space + 1;
    space = text.find(' ', begin);
    const std::string_view word = text.substr(begin, space == std::string_view::npos ? space : space - begin);
    if (word.size() < 2 || word[1] != '=') continue;
    switch (word[0]) {
      case 'H':
        if (fields.host.data() == nullptr) fields.host = text.substr(begin);
        break;
      case 'R': first_of(fields.parent, word); break;
      case 'U': first_of(fields.user, word); break;
      case 'A': first_of(fields.login, word); break;
      default: break;
    }
  }
  return fields;
}

/// "alice <alice@box.example> R=…": the address that the message bears, not what routers made of it.
std::string_view address_of(std::string_view delivery) {
  const std::string_view first = delivery.substr(0, delivery.find(' '));
  const std::string_view rest = delivery.substr(std::min(first.size() + 1, delivery.size()));
  const std::string_view second = rest.substr(0, rest.find(' '));
  const bool is_address = second.starts_with('<') && second.ends_with('>') &&
                          second.find('@') != std::string_view::npos;
  return strip_brackets(is_address ? second : first);
}

NullKind kind_of(std::string_view subject) {
  if (subject.starts_with("Warning: message") || subject.starts_with("Mail delivery delayed") ||
      subject.find("delayed 2") != std::string_view::npos)
    return NullKind::kDelay;
  if (subject.starts_with("Mail delivery failed") || subject.starts_with("Undelivered Mail") ||
      subject.starts_with("Mail failure") || subject.starts_with("Delivery Status Notification"))
    return NullKind::kBounce;
  return NullKind::kAutoreply;
}

/// A process id. What is no number of 32 bits is 0, no process at all.
std::uint32_t number_of(std::string_view pid) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(pid.data(), pid.data() + pid.size(), number);
  return error == std::errc{} && end == pid.data() + pid.size() ? number : 0;
}

/// Words of "3 args: /usr/sbin/sendmail -t -i -fx@y", which may hold -f and -E.
void read_arguments(std::string_view args, std::string_view& claimed, std::string_view& parent,
                    bool& is_housekeeping) {
  std::string_view before;
  while (!args.empty()) {
    const std::size_t space = args.find(' ');
    const std::string_view word = args.substr(0, space);
    if (word.starts_with("-Mc") || word.starts_with("-bd") || word.starts_with("-q") ||
        word == "-bp" || word == "-bpc" || word == "-bV")
      is_housekeeping = true;
    if (before == "-f") claimed = strip_brackets(word);
    if (word.starts_with("-f") && word.size() > 2) claimed = strip_brackets(word.substr(2));
    if (word.starts_with("-E") && word.size() > 2) parent = word.substr(2);
    before = word;
    if (space == std::string_view::npos) break;
    args.remove_prefix(space + 1);
  }
}

}  // namespace

bool EximLog::take(std::string_view line) {
  const auto time = take_time(line);
  return time && take_entry(line, *time);
}

bool EximLog::take_entry(std::string_view line, Time time) {
  if (time > now_ + std::chrono::days{1}) ++part_.future_lines;
  part_.note_time(time);
  std::string_view pid;
  if (line.starts_with('[')) {
    const std::size_t close = line.find("] ");
    if (close != std::string_view::npos && close < 16) {
      pid = line.substr(1, close - 1);
      line.remove_prefix(close + 2);
    }
  }
  if (line.starts_with("cwd=")) {
    take_cwd(line.substr(4), pid, time);
    return true;
  }
  const std::size_t length = id_length(line);
  if (length == 0) {
    if (line.find("sender verify fail for ") != std::string_view::npos)
      take_verify_failure(line, time);
    return true;
  }
  const std::string_view id = line.substr(0, length);
  std::string_view rest = line.substr(length);
  if (!rest.starts_with(' ')) return false;
  rest.remove_prefix(1);
  Message& message = part_.store.at(id, time, Mta::kExim);
  const std::string_view flag = rest.substr(0, rest.find(' '));
  const std::string_view after = rest.substr(std::min(flag.size() + 1, rest.size()));
  if (flag == "<=") take_arrival(message, after, pid);
  else if (flag == "=>" || flag == "->" || flag == ">>" || flag == "*>")
    take_delivery(message, after, time, DeliveryStatus::kDelivered);
  else if (flag == "==") take_delivery(message, after, time, DeliveryStatus::kDeferred);
  else if (flag == "**") take_delivery(message, after, time, DeliveryStatus::kFailed);
  else if (flag == "Completed") message.is_done = true;
  else if (flag == "Frozen") message.is_frozen = true;
  return true;
}

std::optional<Time> EximLog::take_time(std::string_view& line) {
  // A busy host writes many lines a second, and without a zone or a fraction their stamps are equal.
  const auto is_bare = [](std::string_view rest) {
    return rest.empty() || std::string_view("+-Z ").find(rest.front()) == std::string_view::npos;
  };
  if (!stamp_.empty() && line.starts_with(stamp_) && is_bare(line.substr(stamp_.size()))) {
    line.remove_prefix(stamp_.size());
    return stamp_time_;
  }
  const std::string_view whole = line;
  const auto time = take_exim_time(line, zone_);
  constexpr std::size_t kStampBytes = 20;  // "2026-11-24 06:00:00 "
  if (time && whole.size() - line.size() == kStampBytes && is_bare(line)) {
    stamp_ = whole.substr(0, kStampBytes);
    stamp_time_ = *time;
  }
  return time;
}

void EximLog::take_cwd(std::string_view rest, std::string_view pid, Time time) {
  // "DIR N args: PROGRAM ARGS"; DIR may hold spaces, so the marker is looked for from behind.
  const std::size_t marker = rest.rfind(" args: ");
  if (marker == std::string_view::npos) return;
  std::string_view directory = rest.substr(0, marker);
  const std::size_t count = directory.rfind(' ');
  if (count == std::string_view::npos) return;
  directory = directory.substr(0, count);
  Working working{.time = time};
  bool is_housekeeping = false;
  read_arguments(rest.substr(marker + 7), working.claimed, working.parent, is_housekeeping);
  if (is_housekeeping) return;
  working.directory = part_.store.keep(directory);
  working.parent = part_.store.keep(working.parent);
  working.claimed = part_.store.keep(working.claimed);
  if (pid.empty()) {
    last_ = working;
    return;
  }
  constexpr std::size_t kMaxPids = 65'536;
  if (by_pid_.size() >= kMaxPids) by_pid_.clear();
  by_pid_[number_of(pid)] = working;
}

void EximLog::take_arrival(Message& message, std::string_view rest, std::string_view pid) {
  MessageStore& store = part_.store;
  const std::string_view sender = rest.substr(0, rest.find(' '));
  message.is_null_sender = sender == "<>";
  message.sender = message.is_null_sender ? std::string_view{} : store.keep(sender);
  const std::string_view subject = subject_of(rest);
  message.subject = store.keep(subject);
  // Words after the quoted subject are an attacker's as much as the subject: look before it only.
  const std::string_view before_subject =
      subject.data() == nullptr ? rest
                                : rest.substr(0, static_cast<std::size_t>(subject.data() - rest.data()) - 4);
  const ArrivalFields fields = arrival_fields(before_subject);
  message.parent = store.keep(fields.parent);
  message.user = store.keep(fields.user);
  message.client = store.keep(bracketed(fields.host));
  const std::string_view login = fields.login;
  // Recipients stand last, behind the subject, which may hold the word, too.
  const std::string_view tail =
      subject.empty() ? rest
                      : rest.substr(static_cast<std::size_t>(subject.data() - rest.data()) + subject.size());
  const std::size_t for_marker = tail.rfind(" for ");
  if (for_marker != std::string_view::npos) {
    const std::string_view list = trim(tail.substr(for_marker + 5));
    message.recipients = static_cast<std::uint32_t>(1 + std::ranges::count(list, ' '));
  }
  Working working = last_;
  if (const auto found = pid.empty() ? by_pid_.end() : by_pid_.find(number_of(pid));
      found != by_pid_.end()) {
    working = found->second;
    by_pid_.erase(found);
  } else if (!pid.empty() || message.time - last_.time > 2s) {
    working = {};
  }
  last_ = {};
  if (!login.empty()) {
    message.arrival = Arrival::kAuthenticated;
    message.user = store.keep(login.substr(login.find(':') + 1));
  } else if (!message.client.empty()) {
    message.arrival = Arrival::kRemote;
  } else if (message.is_null_sender && !message.parent.empty()) {
    message.arrival = Arrival::kGenerated;
    message.null_kind = kind_of(subject);
  } else {
    message.arrival = Arrival::kLocal;
    message.directory = working.directory;
    message.claimed_sender = working.claimed;
  }
}

void EximLog::take_delivery(Message& message, std::string_view rest, Time time,
                            DeliveryStatus status) {
  const std::string_view address = address_of(rest);
  const bool is_remote = !host_of(rest).empty();
  std::string_view reason;
  if (status != DeliveryStatus::kDelivered) {
    const std::size_t colon = rest.find(": ");
    reason = colon == std::string_view::npos ? rest : rest.substr(colon + 2);
    if (is_remote) part_.note_rejection(time, reason);
  }
  part_.store.add_delivery(message, {address, time, status, is_remote, reason});
}

void EximLog::take_verify_failure(std::string_view rest, Time time) {
  // Only what a server answered proves a callout; "Unrouteable address" was found out here.
  const bool is_callout = rest.find("after RCPT TO:") != std::string_view::npos ||
                          rest.find("after MAIL FROM:") != std::string_view::npos ||
                          rest.find("response to \"RCPT TO:") != std::string_view::npos ||
                          rest.find("response to \"MAIL FROM:") != std::string_view::npos;
  if (!is_callout || part_.callouts.size() >= LogPart::kMaxCallouts) return;
  constexpr std::string_view kPhrase = "sender verify fail for ";
  const std::string_view address = strip_brackets(rest.substr(rest.find(kPhrase) + kPhrase.size()));
  part_.callouts.push_back({time, std::string(address.substr(0, 320)), std::string(rest.substr(0, 500))});
}

}  // namespace backscan::mail

// Postfix and Sendmail write through syslog, so one file may hold both, and PHP's mail() lines.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "mail/log.h"

namespace backscan::mail {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";
constexpr std::string_view kLong =
    "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";  // Postfix long ids have no vowels

/// "8016114A06B: rest" -> the id, and `rest` after ": "; empty where the word is no queue id.
std::string_view take_queue_id(std::string_view& rest) {
  const std::size_t colon = rest.find(": ");
  if (colon == std::string_view::npos || colon < 6 || colon > 40) return {};
  const std::string_view id = rest.substr(0, colon);
  const bool is_short = id.find_first_not_of(kHex) == std::string_view::npos;
  const bool is_long = id.find_first_not_of(kLong) == std::string_view::npos &&
                       id.find('z') != std::string_view::npos;
  if (!is_short && !is_long) return {};
  rest.remove_prefix(colon + 2);
  return id;
}

/// A sendmail id: 14 letters and digits, the last six the pid ("6AO63MSg010846").
std::string_view take_sendmail_id(std::string_view& rest) {
  const std::size_t colon = rest.find(": ");
  if (colon == std::string_view::npos || colon < 12 || colon > 20) return {};
  const std::string_view id = rest.substr(0, colon);
  for (const char c : id)
    if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z')) return {};
  rest.remove_prefix(colon + 2);
  return id;
}

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

/// "host[192.0.2.1]:25" -> "192.0.2.1".
std::string_view address_of(std::string_view client) {
  const std::size_t open = client.find('[');
  const std::size_t close = client.find(']', open);
  if (open == std::string_view::npos || close == std::string_view::npos) return {};
  return client.substr(open + 1, close - open - 1);
}

std::string_view value_to_comma(std::string_view line, std::string_view name) {
  const std::string_view value = word_value(line, name);
  return value.ends_with(',') ? value.substr(0, value.size() - 1) : value;
}

}  // namespace

bool SyslogMail::take(std::string_view line) {
  if (line.starts_with('<')) {  // "<13>": the priority, where a relay kept it
    const std::size_t close = line.find('>');
    if (close != std::string_view::npos && close <= 4) line.remove_prefix(close + 1);
  }
  auto time = take_rfc3339_time(line);
  if (!time) time = take_syslog_time(line, zone_, now_);
  if (!time) return false;
  // "host tag[pid]: rest", or "tag: rest" where a local daemon left the host out.
  std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos) return false;
  std::string_view tag = line.substr(0, colon);
  const std::string_view rest = line.substr(colon + 2);
  if (const std::size_t space = tag.rfind(' '); space != std::string_view::npos)
    tag = tag.substr(space + 1);
  return take_entry(tag.substr(0, tag.find('[')), rest, *time);
}

bool SyslogMail::take_entry(std::string_view program, std::string_view message, Time time) {
  if (time > now_ + std::chrono::days{1}) ++part_.future_lines;
  part_.note_time(time);
  if (program.starts_with("postfix")) {
    const std::size_t slash = program.rfind('/');
    return slash != std::string_view::npos &&
           take_postfix(program.substr(slash + 1), message, time);
  }
  if (program == "sendmail" || program == "sm-mta" || program == "sm-msp-queue")
    return take_sendmail(message, time);
  if (auto mail = parse_php_mail(message, time)) {
    if (part_.php_mails.size() < LogPart::kMaxPhpMails)
      part_.php_mails.push_back(std::move(*mail));
    else
      ++part_.php_entries_dropped;
    return true;
  }
  return false;
}

bool SyslogMail::take_postfix(std::string_view service, std::string_view rest, Time time) {
  const std::string_view id = take_queue_id(rest);
  if (id.empty()) return true;
  Message& message = part_.store.at(id, time, Mta::kPostfix);
  if (service == "bounce") {
    // "sender non-delivery notification: NEWID", also delay and delivery status notifications.
    const std::size_t marker = rest.find(" notification: ");
    if (marker == std::string_view::npos) return true;
    Message& child = part_.store.at(rest.substr(marker + 15), time, Mta::kPostfix);
    child.parent = part_.store.keep(id);
    child.arrival = Arrival::kGenerated;
    child.is_null_sender = true;
    child.null_kind = rest.find("delay") < marker ? NullKind::kDelay : NullKind::kBounce;
    return true;
  }
  if (rest.starts_with("to=")) {
    take_postfix_delivery(message, service, rest, time);
    return true;
  }
  take_postfix_queue(message, service, rest);
  return true;
}

void SyslogMail::take_postfix_queue(Message& message, std::string_view service,
                                    std::string_view rest) {
  MessageStore& store = part_.store;
  if (service == "pickup" && rest.starts_with("uid=")) {
    message.arrival = Arrival::kLocal;
    message.uid = number(value_to_comma(rest, "uid"));
    message.user = store.keep(strip_brackets(word_value(rest, "from")));
  } else if (rest.starts_with("client=")) {
    message.client = store.keep(address_of(word_value(rest, "client")));
    const std::string_view login = value_to_comma(rest, "sasl_username");
    message.arrival = login.empty() ? Arrival::kRemote : Arrival::kAuthenticated;
    if (!login.empty()) message.user = store.keep(login);
  } else if (rest.starts_with("from=<")) {
    const std::string_view sender = strip_brackets(rest.substr(5));
    message.is_null_sender = sender.empty();
    message.sender = store.keep(sender);
    if (const auto count = number(word_value(rest, "nrcpt"))) message.recipients = *count;
    if (sender.starts_with("double-bounce@")) message.null_kind = NullKind::kCallout;
  } else if (rest == "removed") {
    message.is_done = true;
  } else if (rest.starts_with("warning: header X-PHP-")) {
    // header_checks with WARN; only the first counts, a script may add more behind it.
    const std::string_view header = rest.substr(16);
    const std::size_t value = header.find(": ");
    const std::size_t end = header.find(" from ");
    if (message.script.empty() && value != std::string_view::npos && end != std::string_view::npos &&
        end > value)
      message.script = store.keep(header.substr(value + 2, end - value - 2));
  }
}

void SyslogMail::take_postfix_delivery(Message& message, std::string_view service,
                                       std::string_view rest, Time time) {
  constexpr auto kLocalServices =
      std::to_array<std::string_view>({"local", "virtual", "pipe", "lmtp", "error", "discard"});
  const std::string_view address = strip_brackets(rest.substr(3));
  const std::size_t at = rest.find("status=");
  if (at == std::string_view::npos) return;
  const std::string_view status = rest.substr(at + 7, rest.find(' ', at) - at - 7);
  std::string_view reason = rest.substr(std::min(at + 7 + status.size() + 1, rest.size()));
  const bool is_remote =
      std::ranges::find(kLocalServices, service) == kLocalServices.end() &&
      !address_of(word_value(rest, "relay")).empty();
  if (status == "deliverable" || status == "undeliverable") {
    // An address probe. What another server was not asked, nobody can list for.
    if (is_remote && part_.callouts.size() < LogPart::kMaxCallouts)
      part_.callouts.push_back({time, std::string(address.substr(0, 320)),
                                std::string(rest.substr(0, 500))});
    message.null_kind = NullKind::kCallout;
    return;
  }
  const DeliveryStatus outcome = status == "sent"       ? DeliveryStatus::kDelivered
                                 : status == "deferred" ? DeliveryStatus::kDeferred
                                                        : DeliveryStatus::kFailed;
  if (outcome == DeliveryStatus::kDelivered) reason = {};
  if (is_remote && !reason.empty()) part_.note_rejection(time, reason);
  part_.store.add_delivery(message, {address, time, outcome, is_remote, reason});
}

bool SyslogMail::take_sendmail(std::string_view rest, Time time) {
  const std::string_view id = take_sendmail_id(rest);
  if (id.empty()) return true;
  MessageStore& store = part_.store;
  Message& message = store.at(id, time, Mta::kSendmail);
  if (rest.starts_with("from=")) {
    const std::string_view sender = strip_brackets(value_to_comma(rest, "from"));
    message.is_null_sender = sender.empty();
    message.sender = store.keep(sender);
    if (const auto count = number(word_value(rest, "nrcpts"))) message.recipients = *count;
    const std::size_t relay = rest.find("relay=");
    const std::string_view host = relay == std::string_view::npos ? "" : rest.substr(relay + 6);
    if (message.arrival == Arrival::kUnknown) {
      message.client = store.keep(address_of(host));
      const bool is_local = message.client.empty() || host.find("@localhost") < host.find(' ') ||
                            message.client == "127.0.0.1" || message.client == "IPv6:::1";
      message.arrival = is_local ? Arrival::kLocal : Arrival::kRemote;
    }
  } else if (rest.starts_with("to=")) {
    // ctladdr=user (uid/gid): the account that submitted it.
    const std::size_t controlled = rest.find("ctladdr=");
    if (controlled != std::string_view::npos) {
      const std::string_view who = rest.substr(controlled + 8);
      message.user = store.keep(strip_brackets(who));
      const std::size_t open = who.find('(');
      if (open != std::string_view::npos && open < who.find(',')) message.uid = number(who.substr(open + 1));
    }
    const std::size_t at = rest.find("stat=");
    const std::string_view status = at == std::string_view::npos ? "" : rest.substr(at + 5);
    const DeliveryStatus outcome = status.starts_with("Sent")       ? DeliveryStatus::kDelivered
                                   : status.starts_with("Deferred") ? DeliveryStatus::kDeferred
                                                                    : DeliveryStatus::kFailed;
    const bool is_remote = !address_of(value_to_comma(rest, "relay")).empty();
    const std::string_view reason = outcome == DeliveryStatus::kDelivered ? "" : status;
    if (is_remote && !reason.empty()) part_.note_rejection(time, rest);
    store.add_delivery(message, {strip_brackets(rest.substr(3)), time, outcome, is_remote, reason});
  } else if (const std::size_t dsn = rest.find(": DSN: "); dsn != std::string_view::npos) {
    // "PARENT: NEWID: DSN: User unknown": the new message answers this one.
    Message& child = store.at(rest.substr(0, dsn), time, Mta::kSendmail);
    child.parent = message.id;
    child.arrival = Arrival::kGenerated;
    child.is_null_sender = true;
    child.null_kind = NullKind::kBounce;
  }
  return true;
}

}  // namespace backscan::mail

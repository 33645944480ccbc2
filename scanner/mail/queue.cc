// Spool files are written by the MTA, but half of their content is the sender's: lengths are checked
// before they are believed.
#include "mail/queue.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_set>

#include "base/text.h"

namespace backscan::mail {
namespace {

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

Time at_epoch(std::int64_t seconds) {
  // The year 2200: times are counted in nanoseconds, and much later ones overflow.
  constexpr std::int64_t kLimit = 7'258'118'400;
  return Time{std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, kLimit)}};
}

/// Header text with its folds undone: CRLF or LF followed by white space becomes one space.
std::string unfold(std::string_view header) {
  std::string out;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const char c = header[i];
    if (c == '\r' || c == '\n') continue;
    const bool after_fold = i > 0 && header[i - 1] == '\n';
    out += after_fold && (c == ' ' || c == '\t') ? ' ' : c;
  }
  return out;
}

bool has_name(std::string_view header, std::string_view name) {
  return header.size() > name.size() && header[name.size()] == ':' &&
         equals_ignoring_case(header.substr(0, name.size()), name);
}

void apply(const PhpHeaders& headers, Message& message, MessageStore& store) {
  if (message.script.empty()) message.script = store.keep(headers.script());
  if (message.subject.empty()) message.subject = store.keep(headers.subject());
}

}  // namespace

void PhpHeaders::take(std::string_view header) {
  constexpr auto kPrefix = std::to_array<std::string_view>(
      {"Received", "To", "Subject", "X-PHP-Script", "X-PHP-Originating-Script", "X-PHP-Filename",
       "Return-path", "Envelope-to", "Delivery-date", "Message-Id"});
  const std::string_view value = trim(header.substr(std::min(header.find(':') + 1, header.size())));
  if (has_name(header, "Subject") && subject_.empty()) subject_ = std::string(value.substr(0, 256));
  if (!in_prefix_) return;
  in_prefix_ = std::ranges::any_of(kPrefix, [&](auto name) { return has_name(header, name); });
  if (has_name(header, "X-PHP-Originating-Script") && originating_.empty()) {
    // "1001:form.php(3) : eval()'d code": the file is what stands before the suffix.
    std::string_view script = value;
    if (const std::size_t suffix = script.find(") : "); suffix != std::string_view::npos)
      script = script.substr(0, script.rfind('(', suffix));
    originating_ = std::string(script.substr(0, 300));
  } else if (has_name(header, "X-PHP-Filename") && filename_.empty() && value.starts_with('/')) {
    filename_ = std::string(value.substr(0, value.find(" REMOTE_ADDR")).substr(0, 4096));
  }
}

std::string PhpHeaders::script() const { return filename_.empty() ? originating_ : filename_; }

Result<void> parse_exim_spool(std::string_view text, MessageStore& store) {
  const auto broken = [](const char* where) {
    return std::unexpected(Error{"", std::string("not an Exim header file: ") + where});
  };
  const std::string_view name = take_line(text);
  if (!name.ends_with("-H")) return broken("first line");
  const std::string_view caller = take_line(text);
  const std::string_view sender = take_line(text);
  const std::string_view stamp = take_line(text);
  const auto epoch = number<std::int64_t>(stamp);
  if (!sender.starts_with('<') || !epoch) return broken("envelope");
  Message& message = store.at(name.substr(0, name.size() - 2), at_epoch(*epoch), Mta::kExim);
  message.user = store.keep(caller.substr(0, caller.find(' ')));
  if (caller.find(' ') != std::string_view::npos)
    message.uid = number<std::uint32_t>(caller.substr(caller.find(' ') + 1));
  message.is_null_sender = sender == "<>";
  message.sender = store.keep(strip_brackets(sender));
  message.arrival = Arrival::kLocal;
  std::string_view line = take_line(text);
  for (; line.starts_with('-'); line = take_line(text)) {
    if (line.starts_with("--")) line.remove_prefix(1);  // tainted data
    if (line.starts_with("-aclm ") || line.starts_with("-aclc ")) {
      // "-aclm NAME LENGTH": the value is the next LENGTH bytes and a newline, whatever they are.
      const auto length = number<std::size_t>(line.substr(line.rfind(' ') + 1));
      if (!length || *length >= text.size()) return broken("variable");
      text.remove_prefix(*length + 1);
    } else if (line.starts_with("-host_address ")) {
      const std::string_view address = line.substr(14);
      message.client = store.keep(address.substr(0, address.rfind('.')));
      message.arrival = Arrival::kRemote;
    } else if (line == "-localerror") {
      message.arrival = Arrival::kGenerated;
      message.null_kind = NullKind::kBounce;
    } else if (line.starts_with("-auth_id ")) {
      message.user = store.keep(line.substr(9));
      message.arrival = Arrival::kAuthenticated;
    } else if (line.starts_with("-frozen ")) {
      message.is_frozen = true;
    }
    if (text.empty()) return broken("no recipients");
  }
  // The tree of addresses done with: "XX", or lines that begin with two of Y and N.
  std::unordered_set<std::string_view> done;
  for (; line.starts_with("YY ") || line.starts_with("YN ") || line.starts_with("NY ") ||
         line.starts_with("NN ");
       line = take_line(text))
    done.insert(line.substr(3));
  if (line == "XX") line = take_line(text);
  const auto count = number<std::uint32_t>(line);
  if (!count) return broken("recipient count");
  message.recipients = *count;
  for (std::uint32_t i = 0; i < *count && !text.empty(); ++i) {
    const std::string_view line_of_one = take_line(text);
    const std::string_view address = line_of_one.substr(0, line_of_one.find(' '));
    if (done.contains(address)) continue;
    store.add_delivery(message, {address, message.time,
                                 DeliveryStatus::kDeferred, true, "in the queue", true});
  }
  PhpHeaders headers;
  take_line(text);
  while (text.size() > 5) {
    // "037  X-PHP-Originating-Script: …": three or more digits, a type, a space, that many bytes.
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto length = number<std::size_t>(text.substr(0, digits));
    if (!length || digits + 2 + *length > text.size()) return broken("header length");
    if (text[digits] != '*') headers.take(unfold(text.substr(digits + 2, *length)));
    text.remove_prefix(digits + 2 + *length);
  }
  apply(headers, message, store);
  return {};
}

Result<void> parse_postfix_queue(std::string_view bytes, std::string_view id, MessageStore& store) {
  const auto broken = [](const char* where) {
    return std::unexpected(Error{"", std::string("not a Postfix queue file: ") + where});
  };
  Message& message = store.at(id, Time{}, Mta::kPostfix);
  PhpHeaders headers;
  std::string header;
  bool in_headers = false;
  while (!bytes.empty()) {
    const char type = bytes.front();
    bytes.remove_prefix(1);
    std::size_t length = 0;
    for (unsigned shift = 0;; shift += 7) {
      if (bytes.empty() || shift > 28) return broken("record length");
      const auto byte = static_cast<unsigned char>(bytes.front());
      bytes.remove_prefix(1);
      length |= static_cast<std::size_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) break;
    }
    if (length > bytes.size()) return broken("record past the end");
    const std::string_view data = bytes.substr(0, length);
    bytes.remove_prefix(length);
    if (type == 'T') {
      if (const auto epoch = number<std::int64_t>(trim(data))) message.time = at_epoch(*epoch);
    } else if (type == 'S') {
      message.sender = store.keep(data);
      message.is_null_sender = data.empty();
    } else if (type == 'R') {
      ++message.recipients;
      store.add_delivery(message, {data, message.time, DeliveryStatus::kDeferred, true, "in the queue", true});
    } else if (type == 'A' && data.starts_with("log_client_address=")) {
      message.client = store.keep(data.substr(19));
      message.arrival = Arrival::kRemote;
    } else if (type == 'A' && data.starts_with("sasl_username=")) {
      message.user = store.keep(data.substr(14));
      message.arrival = Arrival::kAuthenticated;
    } else if (type == 'M') {
      in_headers = true;
    } else if (type == 'N' && in_headers) {
      if (data.starts_with(' ') || data.starts_with('\t')) {
        header.append(" ").append(trim(data));
        continue;
      }
      if (!header.empty()) headers.take(header);
      header = std::string(data.substr(0, 4096));
      constexpr std::string_view kUser = "(Postfix, from userid ";
      in_headers = !data.empty();
      if (data.empty()) continue;
      if (const std::size_t at = header.find(kUser); at != std::string::npos && !message.uid) {
        message.uid = number<std::uint32_t>(std::string_view(header).substr(at + kUser.size()));
        message.arrival = Arrival::kLocal;
      }
    }
  }
  if (in_headers && !header.empty()) headers.take(header);
  if (message.is_null_sender && message.client.empty()) message.arrival = Arrival::kGenerated;
  apply(headers, message, store);
  return {};
}

Result<void> parse_sendmail_qf(std::string_view text, std::string_view id, MessageStore& store) {
  if (!text.starts_with('V'))
    return std::unexpected(Error{"", "not a Sendmail control file: first line"});
  Message& message = store.at(id, Time{}, Mta::kSendmail);
  message.arrival = Arrival::kLocal;
  PhpHeaders headers;
  std::string header;
  const auto finish_header = [&] {
    if (!header.empty()) headers.take(header);
    header.clear();
  };
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line == ".") break;
    if (line.empty()) continue;
    if (line.front() == '\t' || line.front() == ' ') {
      header.append(" ").append(trim(line));
      continue;
    }
    finish_header();
    const std::string_view rest = line.substr(1);
    switch (line.front()) {
      case 'T':
        if (const auto epoch = number<std::int64_t>(rest)) message.time = at_epoch(*epoch);
        break;
      case 'S':
        message.sender = store.keep(strip_brackets(rest));
        message.is_null_sender = message.sender.empty();
        break;
      case 'C':  // controlling user "user:uid:gid…" of the addresses that follow
        message.user = store.keep(rest.substr(0, rest.find(':')));
        break;
      case 'R': {
        ++message.recipients;
        const std::size_t colon = rest.find(':');
        store.add_delivery(message, {strip_brackets(rest.substr(colon == std::string_view::npos ? 0 : colon + 1)),
                                     message.time, DeliveryStatus::kDeferred, true, "in the queue", true});
        break;
      }
      case 'H': {
        // "H?flags?Name: value"
        const std::size_t question = rest.starts_with('?') ? rest.find('?', 1) : std::string_view::npos;
        header = std::string(question == std::string_view::npos ? rest : rest.substr(question + 1));
        break;
      }
      default: break;
    }
  }
  finish_header();
  apply(headers, message, store);
  return {};
}

}  // namespace backscan::mail

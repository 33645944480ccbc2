// mail() and the functions that wrap it in CMSs, and what stands in their header lines.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "php/sinks.h"

namespace backscan::php::flow {

namespace {

constexpr int kNone = -1;

/// Which argument plays which role.
struct MailFunction {
  std::string_view name;
  int recipient = 0;
  int subject = 1;
  int body = 2;
  int headers = 3;
  int parameters = kNone;
  int sender = kNone;
};

constexpr std::array kMailFunctions = {
    MailFunction{.name = "mail", .parameters = 4},
    MailFunction{.name = "mb_send_mail", .parameters = 4},
    MailFunction{.name = "wp_mail"},
    MailFunction{.name = "imap_mail"},
    MailFunction{.name = "drupal_mail", .recipient = 2, .subject = kNone, .body = 4,
                 .headers = kNone, .sender = 5},
    MailFunction{.name = "jmail", .recipient = 2, .subject = 3, .body = 4, .headers = kNone,
                 .sender = 0},
    MailFunction{.name = "mosmail", .recipient = 2, .subject = 3, .body = 4, .headers = kNone,
                 .sender = 0},
    MailFunction{.name = "tep_mail", .recipient = 1, .subject = 2, .body = 3, .headers = kNone,
                 .sender = 5},
    MailFunction{.name = "xmail"},
    MailFunction{.name = "send_mail_wp"},
    MailFunction{.name = "elgg_send_email", .recipient = 1, .subject = 2, .body = 3,
                 .headers = kNone, .sender = 0},
    MailFunction{.name = "email_to_user", .recipient = 0, .subject = 2, .body = 3,
                 .headers = kNone, .sender = 1},
};

void add(Interpreter& in, VisitId id, Role role, const Call& call, int position) {
  if (position != kNone) in.add_role(id, role, call.arg(static_cast<std::size_t>(position)));
}

// -f address among the parameters of mail(): the envelope sender.
void add_parameter_sender(Interpreter& in, VisitId id, const Value& parameters) {
  std::vector<Piece> sender;
  bool is_sender = false;
  for (const Piece& piece : parameters.pieces) {
    if (!piece.is_text()) {
      if (is_sender) sender.push_back(piece);
      continue;
    }
    const std::size_t at = piece.text.find("-f");
    if (at == std::string_view::npos) continue;
    is_sender = true;
    const std::string_view address = trim(piece.text.substr(at + 2));
    if (!address.empty()) sender.push_back(Piece{.text = address});
  }
  if (!sender.empty()) in.add_role(id, Role::kSender, in.values.from(sender));
}

// An array of headers: both "From: x" items and 'From' => x pairs.
Value header_text(Interpreter& in, const Value& headers) {
  if (headers.array == nullptr) return headers;
  Value all{.pieces = headers.pieces};
  for (const Entry& entry : headers.array->entries) {
    const bool is_numbered = entry.key.find_first_not_of("0123456789") == std::string_view::npos;
    if (!is_numbered)
      all = in.values.concat(all, in.values.own_text(std::string(entry.key) + ": "));
    all = in.values.concat(in.values.concat(all, entry.value), in.values.text("\n"));
  }
  return in.values.concat(all, headers.array->rest);
}

bool is_empty_argument(const Value& value) {
  return value.is_nothing() || (is_constant_text(value) && constant_text(value).empty());
}

}  // namespace

bool sink_mail_function(Interpreter& in, const Call& call) {
  const auto* it = std::ranges::find(kMailFunctions, call.name, &MailFunction::name);
  if (it == kMailFunctions.end() || call.args.size() < 2) return false;
  const VisitId id = in.visit(call.node, SinkKind::kMail, std::string(call.name) + "()");
  if (call.is_dynamic) in.report.at(id).circumstances |= kDynamic;
  add(in, id, Role::kRecipient, call, it->recipient);
  add(in, id, Role::kSubject, call, it->subject);
  add(in, id, Role::kBody, call, it->body);
  add(in, id, Role::kSender, call, it->sender);
  if (it->headers != kNone) {
    const Value headers = header_text(in, call.arg(static_cast<std::size_t>(it->headers)));
    if (!is_empty_argument(headers)) {
      in.add_role(id, Role::kHeaders, headers);
      add_header_roles(in, id, headers, true);
    }
  }
  if (call.name == "imap_mail") {
    in.add_role(id, Role::kRecipient, call.arg(4));
    in.add_role(id, Role::kRecipient, call.arg(5));
    in.add_role(id, Role::kSender, call.arg(6));
  }
  if (it->parameters != kNone) {
    const Value parameters = call.arg(static_cast<std::size_t>(it->parameters));
    if (!is_empty_argument(parameters)) in.add_role(id, Role::kParameters, parameters);
    add_parameter_sender(in, id, parameters);
  }
  return true;
}

namespace {

enum class HeaderLine : std::uint8_t { kStart, kSender, kRecipient, kSubject, kOther, kBody };

HeaderLine line_of(std::string_view name) {
  const std::string lower = ascii_lower(trim(name));
  if (lower == "from" || lower == "sender" || lower == "return-path" || lower == "errors-to") {
    return HeaderLine::kSender;
  }
  if (lower == "to" || lower == "cc" || lower == "bcc") return HeaderLine::kRecipient;
  if (lower == "subject") return HeaderLine::kSubject;
  return HeaderLine::kOther;
}

/// Walks header lines piece by piece and hands each value to its role.
class HeaderReader {
 public:
  HeaderReader(Interpreter& in, VisitId id, bool is_message)
      : in_(in), id_(id), is_message_(is_message) {}

  void read(std::span<const Piece> pieces) {
    for (const Piece& piece : pieces) {
      if (piece.is_alternative) {
        if (line_ != HeaderLine::kBody) continue;
        flush();
        line_ = HeaderLine::kStart;
      } else if (piece.is_text()) {
        read_text(piece.text);
      } else {
        if (line_ == HeaderLine::kStart) line_ = HeaderLine::kOther;
        value_.push_back(piece);
        is_after_break_ = false;
      }
    }
    flush();
  }

 private:
  void read_text(std::string_view text) {
    constexpr std::size_t kMaxRead = std::size_t{64} << 10;
    text = text.substr(0, kMaxRead);
    while (!text.empty()) {
      if (line_ == HeaderLine::kBody) {
        value_.push_back(Piece{.text = text});
        return;
      }
      const std::size_t end = text.find_first_of("\r\n");
      read_line(text.substr(0, end));
      if (end == std::string_view::npos) return;
      flush();
      std::size_t next = end + 1;
      if (text[end] == '\r' && next < text.size() && text[next] == '\n') ++next;
      text.remove_prefix(next);
      // An empty line ends the headers.
      line_ = is_after_break_ && is_message_ ? HeaderLine::kBody : HeaderLine::kStart;
      is_after_break_ = true;
    }
  }

  void read_line(std::string_view text) {
    if (text.empty()) return;
    is_after_break_ = false;
    if (line_ == HeaderLine::kStart || starts_header(text)) {
      if (line_ != HeaderLine::kStart) flush();
      const std::size_t colon = text.find(':');
      line_ = line_of(text.substr(0, colon));
      text = colon == std::string_view::npos ? text : text.substr(colon + 1);
    }
    if (!trim(text).empty()) value_.push_back(Piece{.text = text});
  }

  // "From: b" behind a seam starts a line though no line break was seen.
  static bool starts_header(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon > 12) return false;
    const HeaderLine line = line_of(text.substr(0, colon));
    return line != HeaderLine::kOther;
  }

  void flush() {
    if (value_.empty()) return;
    const Value value = in_.values.from(value_);
    value_.clear();
    switch (line_) {
      case HeaderLine::kSender: in_.add_role(id_, Role::kSender, value); return;
      case HeaderLine::kRecipient: in_.add_role(id_, Role::kRecipient, value); return;
      case HeaderLine::kSubject: in_.add_role(id_, Role::kSubject, value); return;
      case HeaderLine::kBody: in_.add_role(id_, Role::kBody, value); return;
      default: return;
    }
  }

  Interpreter& in_;
  VisitId id_;
  bool is_message_;
  HeaderLine line_ = HeaderLine::kStart;
  bool is_after_break_ = false;
  std::vector<Piece> value_;
};

}  // namespace

void add_header_roles(Interpreter& in, VisitId id, const Value& headers, bool is_message) {
  const Value plain = in.values.flat(headers);
  HeaderReader(in, id, is_message).read(plain.pieces);
}

}  // namespace backscan::php::flow

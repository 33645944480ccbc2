// Escapes what RFC 8259 asks for, as nlohmann's own output does: the two must look alike.
#include "report/json_text.h"

#include <simdjson.h>

#include <array>
#include <charconv>

#include "base/text.h"
#include "model/time_text.h"

namespace backscan::report {
namespace {

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

void append_escape(char c, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  out += "\\u00";
  out += kHex[static_cast<unsigned char>(c) >> 4U];
  out += kHex[static_cast<unsigned char>(c) & 0xFU];
}

void append_quoted(std::string_view text, std::string& out) {
  out += '"';
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    out.append(text, begin, i - begin);
    append_escape(text[i], out);
    begin = i + 1;
  }
  out.append(text, begin);
  out += '"';
}

bool is_valid(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

}  // namespace

void JsonText::separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

void JsonText::open(char bracket) {
  separate();
  out_ += bracket;
  needs_comma_ = false;
}

void JsonText::close(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
}

void JsonText::key(std::string_view name) {
  separate();
  out_ += '"';
  out_ += name;
  out_ += "\":";
  needs_comma_ = false;
}

void JsonText::value(std::string_view text) {
  separate();
  if (is_valid(text))
    append_quoted(text, out_);
  else
    append_quoted(to_utf8(text), out_);
}

void JsonText::write_number(std::uint64_t number) {
  separate();
  std::array<char, 20> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out_.append(digits.data(), end);
}

void JsonText::value(int number) {
  if (number >= 0) return write_number(static_cast<unsigned>(number));
  separate();
  out_ += std::to_string(number);
}

void JsonText::value(const std::optional<Time>& time) {
  if (!time) return null();
  value(format_time(*time));
}

void JsonText::value(const std::optional<std::string>& text) {
  if (!text) return null();
  value(std::string_view(*text));
}

void JsonText::value(const std::vector<std::string>& texts) {
  begin_array();
  for (const std::string& text : texts) value(std::string_view(text));
  end_array();
}

void JsonText::null() {
  separate();
  out_ += "null";
}

void JsonText::text_or_null(std::string_view name, std::string_view text) {
  key(name);
  if (text.empty()) return null();
  value(text);
}

void JsonText::number_or_null(std::string_view name, std::size_t number) {
  key(name);
  if (number == 0) return null();
  write_number(number);
}

void JsonText::path(std::string_view name, std::string_view path) {
  member(name, path);
  if (!is_valid(path)) member(std::string(name) + "_base64", base64_encode(path));
}

}  // namespace backscan::report

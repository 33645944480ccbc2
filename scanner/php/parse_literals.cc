// Escapes of PHP's string literals (PHP manual, "Strings"): one pass, never longer than the input.
#include "php/parse_literals.h"

#include <cstdint>

#include "base/text.h"

namespace backscan::php {

namespace {

void append_utf8(std::uint32_t code, std::string& out) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | code >> 6U);
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3FU));
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

// \u{1F600} at `at` (behind the backslash); returns the length taken, 0 where it is no escape.
std::size_t decode_unicode(std::string_view text, std::size_t at, std::string& out) {
  if (at + 2 >= text.size() || text[at + 1] != '{') return 0;
  std::uint32_t code = 0;
  std::size_t i = at + 2;
  for (; i < text.size() && hex_digit(text[i]) >= 0; ++i) {
    code = code * 16 + static_cast<std::uint32_t>(hex_digit(text[i]));
    if (code > 0x10FFFF) return 0;
  }
  if (i == at + 2 || i >= text.size() || text[i] != '}') return 0;
  append_utf8(code, out);
  return i + 1 - at;
}

// \101 or \x41 at `at`; returns the length taken, 0 where it is no escape.
std::size_t decode_number(std::string_view text, std::size_t at, std::string& out) {
  unsigned value = 0;
  std::size_t length = 0;
  if (text[at] == 'x' || text[at] == 'X') {
    for (length = 1; length < 3 && at + length < text.size(); ++length) {
      const int digit = hex_digit(text[at + length]);
      if (digit < 0) break;
      value = value * 16 + static_cast<unsigned>(digit);
    }
    if (length == 1) return 0;
  } else {
    for (; length < 3 && at + length < text.size() && is_octal_digit(text[at + length]); ++length) {
      value = value * 8 + static_cast<unsigned>(text[at + length] - '0');
    }
    if (length == 0) return 0;
  }
  out.push_back(static_cast<char>(value & 0xFFU));
  return length;
}

// The byte a one-letter escape stands for, or 0.
char simple_escape(char c, char quote) {
  switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case 'v': return '\v';
    case 'e': return '\x1b';
    case 'f': return '\f';
    case '\\': case '$': return c;
    default: return quote != 0 && c == quote ? c : '\0';
  }
}

}  // namespace

std::string decode_single_quoted(std::string_view inside) {
  std::string out;
  out.reserve(inside.size());
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const bool is_escape = inside[i] == '\\' && i + 1 < inside.size() &&
                           (inside[i + 1] == '\\' || inside[i + 1] == '\'');
    if (is_escape) ++i;
    out.push_back(inside[i]);
  }
  return out;
}

std::string decode_escapes(std::string_view inside, char quote) {
  std::string out;
  out.reserve(inside.size());
  for (std::size_t i = 0; i < inside.size();) {
    if (inside[i] != '\\' || i + 1 >= inside.size()) {
      out.push_back(inside[i++]);
      continue;
    }
    if (const char simple = simple_escape(inside[i + 1], quote); simple != 0) {
      out.push_back(simple);
      i += 2;
      continue;
    }
    const std::size_t taken = inside[i + 1] == 'u' ? decode_unicode(inside, i + 1, out)
                                                   : decode_number(inside, i + 1, out);
    if (taken == 0) out.push_back('\\');
    i += 1 + taken;
  }
  return out;
}

}  // namespace backscan::php

#include "php/string_literal.h"

#include <cstddef>

#include "base/text.h"

namespace backscan::php {
namespace {

Escape one_byte(unsigned value, std::size_t length) {
  return {{static_cast<char>(value & 0xffU)}, 1, static_cast<std::uint32_t>(length)};
}

Escape itself() { return one_byte('\\', 1); }

Escape octal(std::string_view text) {
  unsigned value = 0;
  std::size_t at = 1;
  for (; at < text.size() && at < 4 && is_octal_digit(text[at]); ++at) {
    value = value * 8 + static_cast<unsigned>(text[at] - '0');
  }
  return one_byte(value, at);
}

Escape hexadecimal(std::string_view text) {
  unsigned value = 0;
  std::size_t at = 2;
  for (; at < text.size() && at < 4 && hex_digit(text[at]) >= 0; ++at) {
    value = value * 16 + static_cast<unsigned>(hex_digit(text[at]));
  }
  return at == 2 ? itself() : one_byte(value, at);
}

Escape utf8(std::uint32_t code, std::size_t length) {
  Escape escape;
  escape.length = static_cast<std::uint32_t>(length);
  const auto put = [&](std::uint32_t byte) {
    escape.bytes[escape.size++] = static_cast<char>(byte);
  };
  if (code < 0x80) {
    put(code);
    return escape;
  }
  if (code < 0x800) {
    put(0xc0U | code >> 6U);
  } else if (code < 0x10000) {
    put(0xe0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3fU));
  } else {
    put(0xf0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3fU));
    put(0x80U | (code >> 6U & 0x3fU));
  }
  put(0x80U | (code & 0x3fU));
  return escape;
}

/// `\u{1F600}`; leading zeros may be many, so the value decides when it is too large.
Escape unicode(std::string_view text) {
  if (text.size() < 4 || text[2] != '{') return itself();
  std::uint32_t code = 0;
  std::size_t at = 3;
  for (; at < text.size() && hex_digit(text[at]) >= 0; ++at) {
    code = code * 16 + static_cast<std::uint32_t>(hex_digit(text[at]));
    if (code > 0x10ffff) return itself();
  }
  if (at == 3 || at == text.size() || text[at] != '}') return itself();
  return utf8(code, at + 1);
}

char quote_of(Quoting quoting) {
  switch (quoting) {
    case Quoting::kSingle: return '\'';
    case Quoting::kDouble: return '"';
    case Quoting::kBackquote: return '`';
    case Quoting::kHeredoc:
    case Quoting::kNowdoc: break;
  }
  return '\\';  // heredocs have no quote to escape; a backslash is one everywhere else too
}

}  // namespace

Escape decode_escape(std::string_view text, Quoting quoting) {
  if (quoting == Quoting::kNowdoc || text.size() < 2) return itself();
  const char c = text[1];
  if (c == '\\' || c == quote_of(quoting)) return one_byte(static_cast<unsigned char>(c), 2);
  if (quoting == Quoting::kSingle) return itself();
  switch (c) {
    case 'n': return one_byte('\n', 2);
    case 't': return one_byte('\t', 2);
    case 'r': return one_byte('\r', 2);
    case 'v': return one_byte('\v', 2);
    case 'e': return one_byte(0x1b, 2);
    case 'f': return one_byte('\f', 2);
    case '$': return one_byte('$', 2);
    case 'x':
    case 'X': return hexadecimal(text);
    case 'u': return unicode(text);
    default: return is_octal_digit(c) ? octal(text) : itself();
  }
}

ConstantLiteral open_constant_literal(std::string_view token) {
  if (!token.empty() && token[0] != '\'' && token[0] != '"') token.remove_prefix(1);
  if (token.size() < 2) return {};
  return {token.substr(1, token.size() - 2),
          token[0] == '"' ? Quoting::kDouble : Quoting::kSingle};
}

}  // namespace backscan::php

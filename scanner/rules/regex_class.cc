// Byte classes of RE2's syntax (regex_class.h).
#include "rules/regex_class.h"

#include <fmt/format.h>

namespace backscan::rules {
namespace {

ByteSet range(unsigned first, unsigned last) {
  ByteSet set;
  for (unsigned byte = first; byte <= last; ++byte) set.set(byte);
  return set;
}

ByteSet bytes_of(std::string_view text) {
  ByteSet set;
  for (const char c : text) set.set(static_cast<unsigned char>(c));
  return set;
}

std::optional<ByteSet> posix_class(std::string_view name) {
  const ByteSet lower = range('a', 'z');
  const ByteSet upper = range('A', 'Z');
  const ByteSet digit = range('0', '9');
  if (name == "alnum") return lower | upper | digit;
  if (name == "alpha") return lower | upper;
  if (name == "ascii") return range(0, 127);
  if (name == "blank") return bytes_of(" \t");
  if (name == "cntrl") return range(0, 31) | range(127, 127);
  if (name == "digit") return digit;
  if (name == "graph") return range('!', '~');
  if (name == "lower") return lower;
  if (name == "print") return range(' ', '~');
  if (name == "punct") return range('!', '~') & ~(lower | upper | digit);
  if (name == "space") return bytes_of(" \t\n\v\f\r");
  if (name == "upper") return upper;
  if (name == "word") return lower | upper | digit | bytes_of("_");
  if (name == "xdigit") return digit | range('a', 'f') | range('A', 'F');
  return std::nullopt;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::unexpected<Error> bad(std::string reason) {
  return std::unexpected(Error{"", reason});
}

/// `\x41` or `\x{41}`; `at` stands behind the x.
Result<unsigned char> read_hex(std::string_view text, std::size_t& at) {
  const bool is_braced = at < text.size() && text[at] == '{';
  if (is_braced) ++at;
  unsigned value = 0;
  std::size_t digits = 0;
  while (at < text.size() && hex_value(text[at]) >= 0 && (is_braced || digits < 2)) {
    value = value * 16 + static_cast<unsigned>(hex_value(text[at++]));
    if (++digits > 8 || value > 255) return bad("a pattern is over bytes: \\x{ff} is the last");
  }
  if (is_braced && at < text.size() && text[at] == '}') ++at;
  return static_cast<unsigned char>(value);
}

Result<unsigned char> read_octal(std::string_view text, std::size_t& at) {
  unsigned value = 0;
  for (int digits = 0; digits < 3 && at < text.size() && text[at] >= '0' && text[at] <= '7';
       ++digits)
    value = value * 8 + static_cast<unsigned>(text[at++] - '0');
  if (value > 255) return bad("a pattern is over bytes: \\377 is the last");
  return static_cast<unsigned char>(value);
}

/// The lower or upper end of a range in a bracket.
Result<unsigned char> read_end(std::string_view text, std::size_t& at) {
  const char c = text[at++];
  if (c == '\\') return read_escaped_byte(text, at);
  if (static_cast<unsigned char>(c) >= 0x80)
    return bad("letters beyond ASCII in a bracket: write the bytes as an alternative");
  return static_cast<unsigned char>(c);
}

/// `[:alpha:]`, `\d` and their like; nothing if none stands at `at`.
std::optional<ByteSet> read_named(std::string_view text, std::size_t& at) {
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("[:")) {
    const std::size_t end = rest.find(":]");
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view name = rest.substr(2, end - 2);
    const bool is_negated = name.starts_with('^');
    if (is_negated) name.remove_prefix(1);
    auto set = posix_class(name);
    if (!set) return std::nullopt;
    at += end + 2;
    return is_negated ? ~*set : *set;
  }
  if (rest.size() < 2 || rest[0] != '\\') return std::nullopt;
  const auto set = perl_class(rest[1]);
  if (set) at += 2;
  return set;
}

}  // namespace

std::optional<ByteSet> perl_class(char letter) {
  const ByteSet digit = range('0', '9');
  const ByteSet word = digit | range('a', 'z') | range('A', 'Z') | bytes_of("_");
  const ByteSet space = bytes_of("\t\n\f\r ");  // RE2's: without \v
  switch (letter) {
    case 'd':
      return digit;
    case 'D':
      return ~digit;
    case 's':
      return space;
    case 'S':
      return ~space;
    case 'w':
      return word;
    case 'W':
      return ~word;
    default:
      return std::nullopt;
  }
}

Result<unsigned char> read_escaped_byte(std::string_view text, std::size_t& at) {
  if (at >= text.size()) return bad("trailing backslash");
  const char c = text[at];
  if (c >= '0' && c <= '7') return read_octal(text, at);
  ++at;
  switch (c) {
    case 'a':
      return static_cast<unsigned char>('\a');
    case 'f':
      return static_cast<unsigned char>('\f');
    case 'n':
      return static_cast<unsigned char>('\n');
    case 'r':
      return static_cast<unsigned char>('\r');
    case 't':
      return static_cast<unsigned char>('\t');
    case 'v':
      return static_cast<unsigned char>('\v');
    case 'x':
      return read_hex(text, at);
    default:
      break;
  }
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (is_letter || static_cast<unsigned char>(c) >= 0x80)
    return bad(fmt::format("\\{} is not for rules", c));
  return static_cast<unsigned char>(c);
}

Result<ByteClass> read_byte_class(std::string_view text, std::size_t& at) {
  ByteClass result;
  if (at < text.size() && text[at] == '^') {
    result.is_negated = true;
    ++at;
  }
  // A ']' that comes first stands for itself.
  for (bool is_first = true; at < text.size() && (is_first || text[at] != ']'); is_first = false) {
    if (const auto named = read_named(text, at)) {
      result.bytes |= *named;
      continue;
    }
    const auto first = read_end(text, at);
    if (!first) return std::unexpected(first.error());
    unsigned char last = *first;
    if (at + 1 < text.size() && text[at] == '-' && text[at + 1] != ']') {
      ++at;
      const auto end = read_end(text, at);
      if (!end) return std::unexpected(end.error());
      last = *end;
    }
    result.bytes |= range(*first, last);
  }
  if (at >= text.size()) return bad("missing ]");
  ++at;
  return result;
}

}  // namespace backscan::rules

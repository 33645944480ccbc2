// Bytes to text that is safe to show: UTF-8 repair, control-character escaping, ASCII helpers.
// Everything scanned is hostile, so every name or excerpt passes through here before it is printed.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace backscan {

/// True if `bytes` is well-formed UTF-8 (RFC 3629: no overlongs, surrogates or > U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view bytes);

/// `bytes` with each ill-formed sequence replaced by one U+FFFD; valid text comes back unchanged.
[[nodiscard]] std::string to_utf8(std::string_view bytes);

/// UTF-8 safe for a terminal, a log line or a ticket: ill-formed bytes become U+FFFD; C0, DEL and
/// C1 controls, bidirectional overrides and line separators become `\n`, `\t`, `\x1b`, `\u202e`.
[[nodiscard]] std::string escape_controls(std::string_view bytes);

/// At most `max_bytes` of `text`, cut at a UTF-8 boundary; ends in "…" when cut.
[[nodiscard]] std::string truncate_utf8(std::string_view text, std::size_t max_bytes);

/// RFC 4648 base64 with padding.
[[nodiscard]] std::string base64_encode(std::string_view bytes);

/// Strict inverse of base64_encode: nothing for any other character or wrong padding. (What PHP's
/// own lax decoder makes of hostile text is php/'s business.)
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

/// Lower-cases ASCII letters only; other bytes are untouched (PHP's own rule for names).
[[nodiscard]] std::string ascii_lower(std::string_view text);

[[nodiscard]] constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_octal_digit(char c) { return c >= '0' && c <= '7'; }

/// What a hexadecimal digit stands for, -1 for other characters.
[[nodiscard]] constexpr int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// True if `name` is one of `names`.
[[nodiscard]] constexpr bool is_any(std::string_view name,
                                    std::initializer_list<std::string_view> names) {
  for (const std::string_view candidate : names)
    if (candidate == name) return true;
  return false;
}

/// True if one of `words` stands somewhere in `text`.
[[nodiscard]] constexpr bool contains_any(std::string_view text,
                                          std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words)
    if (text.find(word) != std::string_view::npos) return true;
  return false;
}

/// Equal when ASCII case is ignored.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Without leading and trailing ASCII white space.
[[nodiscard]] std::string_view trim(std::string_view text);

/// 1-based line and column (bytes) of a byte offset in a file.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
  bool operator==(const Position&) const = default;
};
[[nodiscard]] Position position_of(std::string_view text, std::size_t offset);

}  // namespace backscan

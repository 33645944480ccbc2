// Numbers: where they end, and whether PHP calls them integers or, too large for 64 bits, floats.
// Apart from the rest because the overflow rules are PHP's alone.
#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "php/lexer.h"
#include "php/lexer_scan.h"

namespace backscan::php {
namespace {

bool is_digit_of(char c, int base) {
  switch (base) {
    case 2: return c == '0' || c == '1';
    case 8: return c >= '0' && c <= '7';
    case 16: return scan::is(c, scan::kHexDigit);
    default: return scan::is(c, scan::kDigit);
  }
}

/// Digits of `base` with single underscores between them; `p` is at the first digit.
const char* digits_end(const char* p, const char* end, int base) {
  while (true) {
    while (p < end && is_digit_of(*p, base)) ++p;
    if (scan::peek(p, end) != '_' || !is_digit_of(scan::peek(p + 1, end), base)) return p;
    ++p;
  }
}

/// 16, 2 or 8 for `0x`, `0b`, `0o` with a digit behind it, else 10.
int prefixed_base(const char* p, const char* end) {
  if (*p != '0') return 10;
  int base = 10;
  switch (ascii_lower(scan::peek(p + 1, end))) {
    case 'x': base = 16; break;
    case 'b': base = 2; break;
    case 'o': base = 8; break;
    default: return 10;
  }
  return is_digit_of(scan::peek(p + 2, end), base) ? base : 10;
}

/// How many digits `text` has from its first non-zero one on, up to a byte that is none of `base`.
std::size_t significant_digits(std::string_view text, int base) {
  std::size_t count = 0;
  for (const char c : text) {
    if (c == '_') continue;
    if (!is_digit_of(c, base)) break;
    if (count > 0 || c != '0') ++count;
  }
  return count;
}

char first_significant(std::string_view text) {
  const std::size_t at = text.find_first_not_of("0_");
  return at == std::string_view::npos ? '0' : text[at];
}

bool decimal_fits(std::string_view text) {
  static constexpr std::string_view kMax = "9223372036854775807";
  const std::size_t digits = significant_digits(text, 10);
  if (digits != kMax.size()) return digits < kMax.size();
  std::size_t i = 0;
  for (const char c : text) {
    if (c == '_') continue;
    if (c != kMax[i]) return c < kMax[i];
    ++i;
  }
  return true;
}

/// True if an integer literal fits 64 signed bits; `base` is its prefix's.
bool fits_integer(std::string_view text, int base) {
  if (text.size() < 18) return true;
  switch (base) {
    case 16: {
      const std::size_t digits = significant_digits(text.substr(2), 16);
      return digits < 16 || (digits == 16 && first_significant(text.substr(2)) <= '7');
    }
    case 2: return significant_digits(text.substr(2), 2) < 64;
    case 8: return significant_digits(text.substr(2), 8) <= 21;
    default:
      if (text[0] == '0') return significant_digits(text, 8) <= 21;
      return decimal_fits(text);
  }
}

}  // namespace

const char* Lexer::integer_end(const char* p, const char* end) {
  const int base = prefixed_base(p, end);
  return digits_end(base == 10 ? p : p + 2, end, base);
}

void Lexer::number() {
  const int base = prefixed_base(pos_, end_);
  const char* number_end = pos_;
  bool is_float = false;
  if (base != 10) {
    number_end = digits_end(pos_ + 2, end_, base);
  } else {
    number_end = digits_end(pos_, end_, 10);
    if (scan::peek(number_end, end_) == '.') {
      is_float = true;
      ++number_end;
      if (is_digit_of(scan::peek(number_end, end_), 10)) number_end = digits_end(number_end, end_, 10);
    }
    if (ascii_lower(scan::peek(number_end, end_)) == 'e') {
      const char* exponent = number_end + 1;
      const char sign = scan::peek(exponent, end_);
      if (sign == '+' || sign == '-') ++exponent;
      if (is_digit_of(scan::peek(exponent, end_), 10)) {
        is_float = true;
        number_end = digits_end(exponent, end_, 10);
      }
    }
  }
  if (!is_float) is_float = !fits_integer({pos_, number_end}, base);
  emit(is_float ? TokenKind::Dnumber : TokenKind::Lnumber, number_end);
}

}  // namespace backscan::php

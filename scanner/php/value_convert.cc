// PHP's conversions between types.
#include "php/value_convert.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

#include <fmt/format.h>

namespace backscan::php::eval {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Scans sign, digits, fraction, exponent; returns the length, 0 for no number.
std::size_t scan_number(std::string_view text, bool& is_integer) {
  std::size_t i = 0;
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
  const std::size_t first = i;
  while (i < text.size() && is_digit(text[i])) ++i;
  std::size_t digits = i - first;
  is_integer = true;
  if (i < text.size() && text[i] == '.') {
    std::size_t j = i + 1;
    while (j < text.size() && is_digit(text[j])) ++j;
    if (digits + (j - i - 1) > 0) {
      digits += j - i - 1;
      i = j;
      is_integer = false;
    }
  }
  if (digits == 0) return 0;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    std::size_t j = i + 1;
    if (j < text.size() && (text[j] == '+' || text[j] == '-')) ++j;
    if (j < text.size() && is_digit(text[j])) {
      while (j < text.size() && is_digit(text[j])) ++j;
      i = j;
      is_integer = false;
    }
  }
  return i;
}

double parse_double(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range)
    return text.find("e-") == text.npos && text.find("E-") == text.npos
               ? std::numeric_limits<double>::infinity()
               : 0.0;
  return number;
}

Number parse_scanned(std::string_view text, bool is_integer) {
  if (is_integer) {
    std::string_view digits = text;
    if (digits.front() == '+') digits.remove_prefix(1);
    std::int64_t number = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc{}) return number;
  }
  return parse_double(text);
}

}  // namespace

std::optional<Number> numeric(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  bool is_integer = false;
  const std::size_t length = scan_number(text, is_integer);
  if (length == 0 || length != text.size()) return std::nullopt;
  return parse_scanned(text, is_integer);
}

Number leading_number(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  bool is_integer = false;
  const std::size_t length = scan_number(text, is_integer);
  if (length == 0) return std::int64_t{0};
  return parse_scanned(text.substr(0, length), is_integer);
}

Number parse_literal(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != '_') digits.push_back(c);
  int base = 10;
  std::string_view rest = digits;
  if (digits.size() > 1 && digits[0] == '0') {
    const char second = digits[1];
    if (second == 'x' || second == 'X') base = 16;
    if (second == 'b' || second == 'B') base = 2;
    if (second == 'o' || second == 'O') base = 8;
    if (base != 10) rest.remove_prefix(2);
    if (is_digit(second) && rest.find_first_of(".eE") == rest.npos) base = 8;
  }
  if (base == 10) return leading_number(digits);
  std::uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(rest.data(), rest.data() + rest.size(), number, base);
  if (error == std::errc{} && std::in_range<std::int64_t>(number))
    return static_cast<std::int64_t>(number);
  double large = 0;
  for (const char c : rest) large = large * base + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  return large;
}

std::string double_text(double number) {
  if (std::isnan(number)) return "NAN";
  if (std::isinf(number)) return number > 0 ? "INF" : "-INF";
  if (number == 0) return std::signbit(number) ? "-0" : "0";
  char buffer[40];
  const int length = std::snprintf(buffer, sizeof buffer, "%.14G", number);
  std::string text{buffer, static_cast<std::size_t>(length)};
  const std::size_t exponent = text.find('E');
  if (exponent == text.npos) return text;
  // C writes 1E+25 and 1E-05, PHP 1.0E+25 and 1.0E-5.
  std::string mantissa = text.substr(0, exponent);
  if (mantissa.find('.') == mantissa.npos) mantissa += ".0";
  std::size_t digits = exponent + 2;
  while (digits + 1 < text.size() && text[digits] == '0') ++digits;
  return mantissa + "E" + text[exponent + 1] + text.substr(digits);
}

std::int64_t wrap_to_int(double number) {
  if (!std::isfinite(number)) return 0;
  if (number > -9.2e18 && number < 9.2e18) return static_cast<std::int64_t>(number);
  const double modulus = 18446744073709551616.0;
  double rest = std::fmod(std::trunc(number), modulus);
  if (rest < 0) rest += modulus;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(rest));
}

bool to_bool(const Value& value) {
  const Value& v = value.target();
  if (const bool* flag = v.boolean()) return *flag;
  if (const auto* number = v.integer()) return *number != 0;
  if (const double* number = v.number()) return *number != 0;
  if (v.is_string()) return !v.bytes().empty() && v.bytes() != "0";
  if (const ArrayData* array = v.array()) return array->size() != 0;
  return v.is_object();
}

Number to_number(const Value& value) {
  const Value& v = value.target();
  if (const auto* number = v.integer()) return *number;
  if (const double* number = v.number()) return *number;
  if (v.is_string()) return leading_number(v.bytes());
  return std::int64_t{to_bool(v) ? 1 : 0};
}

std::int64_t to_int(const Value& value) {
  const Number number = to_number(value);
  if (const auto* integer = std::get_if<std::int64_t>(&number)) return *integer;
  return wrap_to_int(std::get<double>(number));
}

double to_double(const Value& value) { return as_double(to_number(value)); }

std::string to_text(const Value& value) {
  const Value& v = value.target();
  if (v.is_string()) return std::string{v.bytes()};
  if (const bool* flag = v.boolean()) return *flag ? "1" : "";
  if (const auto* number = v.integer()) return fmt::format("{}", *number);
  if (const double* number = v.number()) return double_text(*number);
  if (v.is_array()) return "Array";
  if (v.is_object()) return "Object";
  return {};
}

Value to_string(Heap& heap, const Value& value) {
  const Value& v = value.target();
  if (v.is_string() || v.is_unknown()) return v;
  return heap.string(to_text(v));
}

std::optional<Key> to_key(const Value& value) {
  const Value& v = value.target();
  if (const auto* number = v.integer()) return Key{*number};
  if (const bool* flag = v.boolean()) return Key{std::int64_t{*flag ? 1 : 0}};
  if (const double* number = v.number()) return Key{wrap_to_int(*number)};
  if (v.is_null()) return Key{std::string{}};
  if (!v.is_string()) return std::nullopt;
  const std::string_view text = v.bytes();
  // "17" is the key 17; "017", "+17", "-0" and what does not fit stay strings.
  const std::size_t sign = !text.empty() && text[0] == '-' ? 1 : 0;
  if (text.size() > sign && text.size() < 21 && is_digit(text[sign]) &&
      (text[sign] != '0' || text == "0")) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size()) return Key{number};
  }
  return Key{std::string{text}};
}

Value key_value(Heap& heap, const Key& key) {
  if (const auto* number = std::get_if<std::int64_t>(&key)) return *number;
  return heap.string(std::get<std::string>(key));
}

std::string_view type_name(const Value& value) {
  const Value& v = value.target();
  if (v.is_null()) return "NULL";
  if (v.boolean() != nullptr) return "boolean";
  if (v.integer() != nullptr) return "integer";
  if (v.number() != nullptr) return "double";
  if (v.is_string()) return "string";
  if (v.is_array()) return "array";
  return "object";
}

const Unknown* find_unknown(const Value& value) {
  const Value& v = value.target();
  if (const Unknown* unknown = v.unknown()) return unknown;
  const ArrayData* array = v.array();
  if (array == nullptr) return nullptr;
  for (std::size_t slot = 0; slot < array->slots(); ++slot)
    if (array->is_live(slot))
      if (const Unknown* unknown = array->value_at(slot).target().unknown()) return unknown;
  return nullptr;
}

}  // namespace backscan::php::eval

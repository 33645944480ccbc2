// PHP's conversions and comparisons (language reference, "Type juggling"), for known values. What is
// Unknown must be dealt with before: these treat it as null.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "php/value_array.h"
#include "php/value_heap.h"

namespace backscan::php::eval {

[[nodiscard]] bool to_bool(const Value& value);
[[nodiscard]] std::int64_t to_int(const Value& value);
[[nodiscard]] double to_double(const Value& value);
[[nodiscard]] std::string to_text(const Value& value);
/// A string value; strings come back shared, not copied.
[[nodiscard]] Value to_string(Heap& heap, const Value& value);
/// An array key; nothing for arrays, objects and Unknown.
[[nodiscard]] std::optional<Key> to_key(const Value& value);
[[nodiscard]] Value key_value(Heap& heap, const Key& key);

using Number = std::variant<std::int64_t, double>;
[[nodiscard]] Number to_number(const Value& value);
[[nodiscard]] inline double as_double(const Number& number) {
  return std::visit([](auto n) { return static_cast<double>(n); }, number);
}
[[nodiscard]] inline Value as_value(const Number& number) {
  return std::visit([](auto n) { return Value{n}; }, number);
}
/// The number that all of `text` is (leading white space and, since PHP 8, trailing allowed).
[[nodiscard]] std::optional<Number> numeric(std::string_view text);
/// The number that `text` starts with; 0 where it starts with none.
[[nodiscard]] Number leading_number(std::string_view text);

[[nodiscard]] bool is_identical(const Value& a, const Value& b);
[[nodiscard]] bool is_loosely_equal(const Value& a, const Value& b);
[[nodiscard]] int compare(const Value& a, const Value& b);

/// A source number (`0x1F`, `0b11`, `017`, `1_000`, `1.5e3`).
[[nodiscard]] Number parse_literal(std::string_view text);

/// PHP's double to string with `precision` = 14, as echo and concatenation do.
[[nodiscard]] std::string double_text(double number);
/// Double to int as PHP does on 64-bit machines: modular, 0 for NaN and infinity.
[[nodiscard]] std::int64_t wrap_to_int(double number);

/// The name gettype() gives.
[[nodiscard]] std::string_view type_name(const Value& value);

/// The value itself, or the first element of an array, that is Unknown; null where none is.
[[nodiscard]] const Unknown* find_unknown(const Value& value);

}  // namespace backscan::php::eval

// PHP 8's comparisons; older PHP differs only where a number meets a text that is none, which packers
// that run everywhere avoid.
#include <cstring>

#include "php/value_convert.h"

namespace backscan::php::eval {
namespace {

// What one comparison may visit: shared inner arrays make small values that are huge to walk. Beyond
// it, and below kMaxLevels, elements count as equal.
struct Work {
  int elements = 100'000;
};
constexpr int kMaxLevels = 16;

int sign(double a, double b) { return a < b ? -1 : (a > b ? 1 : 0); }

int compare_numbers(const Number& a, const Number& b) {
  const auto* left = std::get_if<std::int64_t>(&a);
  const auto* right = std::get_if<std::int64_t>(&b);
  if (left != nullptr && right != nullptr) return *left < *right ? -1 : (*left > *right ? 1 : 0);
  return sign(as_double(a), as_double(b));
}

int compare_bytes(std::string_view a, std::string_view b) {
  const int order = a.compare(b);
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

int compare_at(const Value& left, const Value& right, int levels, Work& work);

int compare_arrays(ArrayData& a, ArrayData& b, int levels, Work& work) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  if (levels == 0 || work.elements <= 0) return 0;
  for (std::size_t slot = 0; slot < a.slots(); ++slot) {
    if (!a.is_live(slot)) continue;
    if (--work.elements <= 0) return 0;
    const Value* other = b.find(a.key_at(slot));
    if (other == nullptr) return 1;
    const int order = compare_at(a.value_at(slot), *other, levels - 1, work);
    if (order != 0) return order;
  }
  return 0;
}

int compare_at(const Value& left, const Value& right, int levels, Work& work) {
  const Value& a = left.target();
  const Value& b = right.target();
  if (a.is_string() && b.is_string()) {
    const auto x = numeric(a.bytes());
    const auto y = x ? numeric(b.bytes()) : std::nullopt;
    return x && y ? compare_numbers(*x, *y) : compare_bytes(a.bytes(), b.bytes());
  }
  const bool has_bool = a.boolean() != nullptr || b.boolean() != nullptr;
  if (!has_bool && a.is_null() && b.is_string()) return b.bytes().empty() ? 0 : -1;
  if (!has_bool && b.is_null() && a.is_string()) return a.bytes().empty() ? 0 : 1;
  if (has_bool || a.is_null() || b.is_null())
    return static_cast<int>(to_bool(a)) - static_cast<int>(to_bool(b));
  if (a.is_array() && b.is_array()) return compare_arrays(*a.array(), *b.array(), levels, work);
  if (a.is_array() || b.is_array()) return a.is_array() ? 1 : -1;
  if (a.is_object() && b.is_object()) return a.object() == b.object() ? 0 : 1;
  if (a.is_string() || b.is_string()) {
    const Value& text = a.is_string() ? a : b;
    const auto number = numeric(text.bytes());
    if (!number) return compare_bytes(to_text(a), to_text(b));
  }
  return compare_numbers(to_number(a), to_number(b));
}

bool is_identical_at(const Value& left, const Value& right, int levels, Work& work) {
  const Value& a = left.target();
  const Value& b = right.target();
  if (a.is_string() && b.is_string()) return a.bytes() == b.bytes();
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  if (const bool* x = a.boolean()) return b.boolean() != nullptr && *b.boolean() == *x;
  if (const auto* x = a.integer()) return b.integer() != nullptr && *b.integer() == *x;
  if (const double* x = a.number()) return b.number() != nullptr && *b.number() == *x;
  if (a.is_object() && b.is_object()) return a.object() == b.object();
  if (!a.is_array() || !b.is_array()) return false;
  const ArrayData& x = *a.array();
  ArrayData& y = *b.array();
  if (x.size() != y.size()) return false;
  if (levels == 0 || work.elements <= 0) return true;
  for (std::size_t slot = 0; slot < x.slots(); ++slot) {
    if (!x.is_live(slot)) continue;
    if (--work.elements <= 0) return true;
    const Value* other = y.find(x.key_at(slot));
    if (other == nullptr || !is_identical_at(x.value_at(slot), *other, levels - 1, work)) return false;
  }
  return true;
}

}  // namespace

bool is_identical(const Value& a, const Value& b) {
  Work work;
  return is_identical_at(a, b, kMaxLevels, work);
}

bool is_loosely_equal(const Value& a, const Value& b) { return compare(a, b) == 0; }

int compare(const Value& a, const Value& b) {
  Work work;
  return compare_at(a, b, kMaxLevels, work);
}

}  // namespace backscan::php::eval

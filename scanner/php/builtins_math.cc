// Built-ins on numbers: bases, rounding, and the seeded generator that key streams come from.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "php/builtins.h"

namespace backscan::php::eval {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = ascii_lower(c);
  return lower >= 'a' && lower <= 'z' ? lower - 'a' + 10 : 99;
}

// Digits that do not belong to the base are skipped, as PHP does.
std::uint64_t from_base(std::string_view text, int base) {
  std::uint64_t number = 0;
  for (const char c : text)
    if (digit_of(c) < base) number = number * static_cast<std::uint64_t>(base) + static_cast<std::uint64_t>(digit_of(c));
  return number;
}

std::string to_base(std::uint64_t number, int base) {
  static constexpr char kDigits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string out;
  do {
    out.push_back(kDigits[number % static_cast<std::uint64_t>(base)]);
    number /= static_cast<std::uint64_t>(base);
  } while (number != 0);
  std::ranges::reverse(out);
  return out;
}

Value number_from(Call& c, int base) { return static_cast<std::int64_t>(from_base(c.text(0), base)); }
Value hexdec(Call& c) { return number_from(c, 16); }
Value octdec(Call& c) { return number_from(c, 8); }
Value bindec(Call& c) { return number_from(c, 2); }

Value text_in(Call& c, int base) {
  return c.heap.string(to_base(static_cast<std::uint64_t>(c.integer(0)), base));
}
Value dechex(Call& c) { return text_in(c, 16); }
Value decoct(Call& c) { return text_in(c, 8); }
Value decbin(Call& c) { return text_in(c, 2); }

Value base_convert(Call& c) {
  const std::int64_t from = c.integer(1);
  const std::int64_t to = c.integer(2);
  if (from < 2 || from > 36 || to < 2 || to > 36) return false;
  return c.string(to_base(from_base(c.text(0), static_cast<int>(from)), static_cast<int>(to)));
}

Value rounded(Call& c, double (*round)(double)) {
  const double number = to_double(c.value(0));
  const double scale = std::pow(10.0, static_cast<double>(std::clamp<std::int64_t>(c.integer(1), -300, 300)));
  return round(number * scale) / scale;
}
Value floor(Call& c) { return std::floor(to_double(c.value(0))); }
Value ceil(Call& c) { return std::ceil(to_double(c.value(0))); }
Value round(Call& c) { return rounded(c, std::round); }

Value absolute(Call& c) {
  const Number number = to_number(c.value(0));
  if (const auto* integer = std::get_if<std::int64_t>(&number); integer != nullptr && *integer != INT64_MIN)
    return *integer < 0 ? -*integer : *integer;
  return std::fabs(as_double(number));
}

Value extreme(Call& c, int wanted) {
  const ArrayData* array = c.count() == 1 ? c.array(0) : nullptr;
  if (c.count() == 1 && array == nullptr) return Why::kUnsupported;
  Value best;
  bool has_best = false;
  const auto look = [&](const Value& candidate) {
    if (!has_best || compare(candidate, best) == wanted) best = candidate;
    has_best = true;
  };
  if (array != nullptr) {
    if (const Unknown* unknown = find_unknown(c.value(0))) return *unknown;
    c.budget.step(array->slots());
    for_each(*array, [&](const Key&, const Value& element) { look(element); });
  } else {
    for (std::size_t i = 0; i < c.count(); ++i) look(c.value(i));
  }
  return best;
}
Value minimum(Call& c) { return extreme(c, -1); }
Value maximum(Call& c) { return extreme(c, 1); }

Value power(Call& c) {
  return std::pow(to_double(c.value(0)), to_double(c.value(1)));
}
Value pow_of(Call& c) {
  const Value result = power(c);
  const bool is_integer = c.value(0).integer() != nullptr && c.value(1).integer() != nullptr;
  const double number = *result.number();
  if (is_integer && std::fabs(number) < 9e15) return static_cast<std::int64_t>(number);
  return result;
}
Value square_root(Call& c) { return std::sqrt(to_double(c.value(0))); }
Value logarithm(Call& c) {
  const double number = std::log(to_double(c.value(0)));
  return c.has(1) ? number / std::log(to_double(c.value(1))) : number;
}
Value exponential(Call& c) { return std::exp(to_double(c.value(0))); }
Value sine(Call& c) { return std::sin(to_double(c.value(0))); }
Value cosine(Call& c) { return std::cos(to_double(c.value(0))); }
Value pi(Call&) { return 3.14159265358979323846; }
Value remainder(Call& c) { return std::fmod(to_double(c.value(0)), to_double(c.value(1))); }
Value quotient(Call& c) {
  const std::int64_t divisor = c.integer(1);
  if (divisor == 0 || divisor == -1) return Why::kUnsupported;
  return c.integer(0) / divisor;
}

constexpr Builtin kMathRows[] = {
    {"hexdec", hexdec}, {"octdec", octdec}, {"bindec", bindec}, {"dechex", dechex},
    {"decoct", decoct}, {"decbin", decbin}, {"base_convert", base_convert, 3, kDecoder},
    {"floor", floor}, {"ceil", ceil}, {"round", round}, {"abs", absolute},
    {"min", minimum}, {"max", maximum}, {"pow", pow_of, 2}, {"sqrt", square_root},
    {"log", logarithm}, {"exp", exponential}, {"sin", sine}, {"cos", cosine}, {"pi", pi, 0},
    {"fmod", remainder, 2}, {"intdiv", quotient, 2},
};

}  // namespace

std::span<const Builtin> math_builtins() { return kMathRows; }

}  // namespace backscan::php::eval

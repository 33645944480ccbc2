// PHP's operators on values.
#include "php/eval_operator.h"

#include <cmath>

namespace backscan::php::eval {
namespace {

using enum TokenKind;

constexpr std::size_t kDataBytes = 64;  // a string this long is data, not a separator

Value add_integers(std::int64_t a, std::int64_t b, char op) {
  std::int64_t result = 0;
  const bool is_over = op == '+'   ? __builtin_add_overflow(a, b, &result)
                       : op == '-' ? __builtin_sub_overflow(a, b, &result)
                                   : __builtin_mul_overflow(a, b, &result);
  if (!is_over) return result;
  const auto x = static_cast<double>(a);
  const auto y = static_cast<double>(b);
  return op == '+' ? x + y : (op == '-' ? x - y : x * y);
}

Value join_arrays(const ArrayData& left, const ArrayData& right) {
  ArrayRef sum = left.copy();
  for_each(right, [&](const Key& key, const Value& element) {
    if (sum->find(key) == nullptr) sum->set(key, element);
  });
  return sum;
}

Value divide(const Number& a, const Number& b) {
  if (as_double(b) == 0) return Why::kUnsupported;
  const auto* x = std::get_if<std::int64_t>(&a);
  const auto* y = std::get_if<std::int64_t>(&b);
  if (x != nullptr && y != nullptr && *y != -1 && *x % *y == 0) return *x / *y;
  return as_double(a) / as_double(b);
}

Value power(const Number& a, const Number& b) {
  const double result = std::pow(as_double(a), as_double(b));
  const bool are_integers =
      std::holds_alternative<std::int64_t>(a) && std::holds_alternative<std::int64_t>(b);
  if (are_integers && as_double(b) >= 0 && std::fabs(result) < 9e15)
    return static_cast<std::int64_t>(result);
  return result;
}

Value arithmetic(Costs costs, char op, const Value& left, const Value& right) {
  if (op == '+' && left.is_array() && right.is_array()) {
    costs.budget.step(left.array()->slots() + right.array()->slots());
    return join_arrays(*left.array(), *right.array());
  }
  const Number a = to_number(left);
  const Number b = to_number(right);
  if (op == '/') return divide(a, b);
  if (op == '%') {
    const std::int64_t y = to_int(right);
    if (y == 0) return Why::kUnsupported;
    return y == -1 ? std::int64_t{0} : to_int(left) % y;
  }
  const auto* x = std::get_if<std::int64_t>(&a);
  const auto* y = std::get_if<std::int64_t>(&b);
  if (x != nullptr && y != nullptr) return add_integers(*x, *y, op);
  const double m = as_double(a);
  const double n = as_double(b);
  return op == '+' ? m + n : (op == '-' ? m - n : m * n);
}

char combine(char a, char b, char op) {
  if (op == '^') return static_cast<char>(a ^ b);
  return static_cast<char>(op == '&' ? a & b : a | b);
}

Value text_bits(Costs costs, char op, const Value& left, const Value& right) {
  const std::string_view a = left.bytes();
  const std::string_view b = right.bytes();
  const std::size_t shorter = std::min(a.size(), b.size());
  costs.budget.bytes(a.size() + b.size());
  std::string out;
  out.reserve(shorter);
  for (std::size_t i = 0; i < shorter; ++i) out.push_back(combine(a[i], b[i], op));
  if (op == '|') out += a.size() > b.size() ? a.substr(shorter) : b.substr(shorter);
  if (out.size() == 1) {
    const auto byte = static_cast<unsigned char>(out[0]);
    return op == '^' ? costs.heap.character_from_xor(byte) : costs.heap.character(byte);
  }
  return costs.heap.string(std::move(out),
                           costs.heap.with_step(joined_provenance(left, right), op == '^' ? "xor" : "bits"));
}

Value bits(Costs costs, char op, const Value& left, const Value& right) {
  if (left.is_string() && right.is_string()) return text_bits(costs, op, left, right);
  const std::int64_t a = to_int(left);
  const std::int64_t b = to_int(right);
  if (op == '^') return a ^ b;
  return op == '&' ? a & b : a | b;
}

Value shift(bool is_left, const Value& left, const Value& right) {
  const std::int64_t number = to_int(left);
  const std::int64_t places = to_int(right);
  if (places < 0) return Why::kUnsupported;
  if (is_left)
    return places > 63 ? std::int64_t{0}
                       : static_cast<std::int64_t>(static_cast<std::uint64_t>(number) << places);
  return number >> std::min<std::int64_t>(places, 63);
}

Value compared(Costs costs, Operator op, const Value& left, const Value& right) {
  costs.budget.bytes(std::min(left.bytes().size(), right.bytes().size()));
  switch (op.op) {
    case IsEqual: return is_loosely_equal(left, right);
    case IsNotEqual: return !is_loosely_equal(left, right);
    case IsIdentical: return is_identical(left, right);
    case IsNotIdentical: return !is_identical(left, right);
    case IsSmallerOrEqual: return compare(left, right) <= 0;
    case IsGreaterOrEqual: return compare(left, right) >= 0;
    case Spaceship: return std::int64_t{compare(left, right)};
    default: return op.byte == '<' ? compare(left, right) < 0 : compare(left, right) > 0;
  }
}

char next_in_alphabet(char c, bool& carries) {
  carries = c == 'z' || c == 'Z' || c == '9';
  if (!carries) return static_cast<char>(c + 1);
  return c == '9' ? '0' : static_cast<char>(c - 25);
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// "a9" to "b0", "Zz" to "AAa".
std::string next_text(std::string text) {
  std::size_t at = text.size();
  bool carries = true;
  char last = 0;
  while (carries && at > 0 && is_alphanumeric(text[at - 1])) {
    --at;
    last = text[at];
    text[at] = next_in_alphabet(last, carries);
  }
  if (carries && last != 0)
    text.insert(at, 1, last == '9' ? '1' : (last == 'z' ? 'a' : 'A'));
  return text;
}

}  // namespace

std::optional<Unknown> unknown_of(const Value& left, const Value& right) {
  const Unknown* const a = left.unknown();
  const Unknown* const b = right.unknown();
  if (a == nullptr && b == nullptr) return std::nullopt;
  const bool had_data = (a != nullptr && a->had_data) || (b != nullptr && b->had_data) ||
                        left.bytes().size() >= kDataBytes || right.bytes().size() >= kDataBytes;
  return Unknown{a != nullptr ? a->why : b->why, had_data};
}

Provenance joined_provenance(const Value& left, const Value& right) {
  const StringData* a = left.string();
  const StringData* b = right.string();
  const auto has_any = [](const StringData* text) {
    return text != nullptr && (text->provenance.steps != nullptr || text->provenance.origin.end != 0);
  };
  if (!has_any(a)) return has_any(b) ? b->provenance : Provenance{};
  if (!has_any(b)) return a->provenance;
  const bool prefers_right = (a->provenance.steps == nullptr && b->provenance.steps != nullptr) ||
                             b->bytes.size() > a->bytes.size();
  return prefers_right ? b->provenance : a->provenance;
}

Operator without_assignment(TokenKind op) {
  switch (op) {
    case PlusEqual: return {Char, '+'};
    case MinusEqual: return {Char, '-'};
    case MulEqual: return {Char, '*'};
    case DivEqual: return {Char, '/'};
    case ConcatEqual: return {Char, '.'};
    case ModEqual: return {Char, '%'};
    case AndEqual: return {Char, '&'};
    case OrEqual: return {Char, '|'};
    case XorEqual: return {Char, '^'};
    case SlEqual: return {Sl, 0};
    case SrEqual: return {Sr, 0};
    case CoalesceEqual: return {Coalesce, 0};
    case PowEqual: return {Pow, 0};
    default: return {};
  }
}

Value concatenate(Costs costs, const Value& left, const Value& right) {
  if (const auto unknown = unknown_of(left, right)) return *unknown;
  const Value a = to_string(costs.heap, left);
  const Value b = to_string(costs.heap, right);
  if (a.bytes().empty() && b.is_string()) return b;
  if (b.bytes().empty() && a.is_string()) return a;
  const std::size_t size = a.bytes().size() + b.bytes().size();
  if (size > costs.heap.max_value_bytes()) return Unknown{Why::kBudget, true};
  costs.budget.bytes(size);
  std::string out;
  out.reserve(size);
  out += a.bytes();
  out += b.bytes();
  return costs.heap.string(std::move(out), joined_provenance(a, b));
}

void append(Costs costs, Value& target, const Value& right) {
  StringData* const text = target.string();
  if (text == nullptr || text->references > 1 || right.is_unknown()) {
    target = concatenate(costs, target, right);
    return;
  }
  const Value tail = to_string(costs.heap, right);
  if (text->bytes.size() + tail.bytes().size() > costs.heap.max_value_bytes()) {
    target = Unknown{Why::kBudget, true};
    return;
  }
  costs.budget.bytes(tail.bytes().size());
  if (text->provenance.steps == nullptr) text->provenance = joined_provenance(target, tail);
  text->bytes += tail.bytes();
  costs.heap.account(*text, sizeof(StringData) + text->bytes.capacity());
}

Value apply_binary(Costs costs, Operator op, const Value& left, const Value& right) {
  const Value& a = left.target();
  const Value& b = right.target();
  if (op.op == Char && op.byte == '.') return concatenate(costs, a, b);
  if (const auto unknown = unknown_of(a, b)) return *unknown;
  switch (op.op) {
    case Char:
      switch (op.byte) {
        case '+': case '-': case '*': case '/': case '%': return arithmetic(costs, op.byte, a, b);
        case '^': case '&': case '|': return bits(costs, op.byte, a, b);
        case '<': case '>': return compared(costs, op, a, b);
        default: return Why::kUnsupported;
      }
    case Pow: return power(to_number(a), to_number(b));
    case Sl: return shift(true, a, b);
    case Sr: return shift(false, a, b);
    case LogicalXor: return to_bool(a) != to_bool(b);
    case IsEqual: case IsNotEqual: case IsIdentical: case IsNotIdentical: case IsSmallerOrEqual:
    case IsGreaterOrEqual: case Spaceship:
      return compared(costs, op, a, b);
    default: return Why::kUnsupported;
  }
}

Value apply_unary(Costs costs, char op, const Value& operand) {
  const Value& v = operand.target();
  if (v.is_unknown()) return v;
  if (op == '!') return !to_bool(v);
  if (op == '~' && v.is_string()) {
    costs.budget.bytes(v.bytes().size());
    std::string out{v.bytes()};
    for (char& byte : out) byte = static_cast<char>(~byte);
    return costs.heap.string(std::move(out), costs.heap.with_step(v.string()->provenance, "not"));
  }
  if (op == '~') return ~to_int(v);
  return arithmetic(costs, op == '-' ? '-' : '+', Value{std::int64_t{0}}, v);
}

Value apply_cast(Costs costs, TokenKind op, const Value& operand) {
  const Value& v = operand.target();
  if (op == UnsetCast) return {};
  if (v.is_unknown()) return v;
  switch (op) {
    case IntCast: return to_int(v);
    case DoubleCast: return to_double(v);
    case StringCast: return to_string(costs.heap, v);
    case BoolCast: return to_bool(v);
    case ArrayCast: {
      if (v.is_array()) return v;
      if (v.is_object()) return v.object()->properties->copy();
      ArrayRef made = costs.heap.array();
      if (!v.is_null()) made->append(v);
      return made;
    }
    case ObjectCast: {
      if (v.is_object()) return v;
      ObjectRef made{new ObjectData{costs.heap}};
      made->class_name = "stdClass";
      if (v.is_array()) made->properties = v.array()->copy();
      return made;
    }
    default: return Why::kUnsupported;
  }
}

Value increment(Costs costs, const Value& value) {
  const Value& v = value.target();
  if (v.is_unknown() || v.boolean() != nullptr || v.is_array() || v.is_object()) return v;
  if (v.is_null()) return std::int64_t{1};
  if (v.is_string() && !numeric(v.bytes())) {
    if (v.bytes().empty()) return costs.heap.string("1");
    return costs.heap.string(next_text(std::string{v.bytes()}), v.string()->provenance);
  }
  return arithmetic(costs, '+', v, Value{std::int64_t{1}});
}

Value decrement(Costs costs, const Value& value) {
  const Value& v = value.target();
  const bool is_number = v.integer() != nullptr || v.number() != nullptr ||
                         (v.is_string() && numeric(v.bytes()));
  if (v.is_string() && v.bytes().empty()) return std::int64_t{-1};
  return is_number ? arithmetic(costs, '-', v, Value{std::int64_t{1}}) : v;
}

}  // namespace backscan::php::eval

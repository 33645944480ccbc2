// PHP's operators on values, without the program around them: arithmetic, bits (also of strings),
// concatenation, comparison, casts, string increment. Unknown operands give Unknown.
#pragma once

#include "php/token.h"
#include "php/unpack_budget.h"
#include "php/value_convert.h"

namespace backscan::php::eval {

/// What an operator may allocate and must charge.
struct Costs {
  Heap& heap;
  Budget& budget;
};

/// An operator's spelling: `op` and, for one-byte operators, the byte.
struct Operator {
  TokenKind op = TokenKind::Char;
  char byte = 0;
};

/// The binary operator inside a compound assignment (`.=` is '.').
[[nodiscard]] Operator without_assignment(TokenKind op);

[[nodiscard]] Value apply_binary(Costs costs, Operator op, const Value& left, const Value& right);
[[nodiscard]] Value apply_unary(Costs costs, char op, const Value& operand);
[[nodiscard]] Value apply_cast(Costs costs, TokenKind op, const Value& operand);
[[nodiscard]] Value concatenate(Costs costs, const Value& left, const Value& right);
/// `target .= right`, in place where nobody else holds the string.
void append(Costs costs, Value& target, const Value& right);
/// ++ and --, with PHP's alphabetic increment of strings.
[[nodiscard]] Value increment(Costs costs, const Value& value);
[[nodiscard]] Value decrement(Costs costs, const Value& value);

/// The provenance that a string made of both keeps: that of the longer one that has any.
[[nodiscard]] Provenance joined_provenance(const Value& left, const Value& right);

/// Unknown because of either operand, or nothing.
[[nodiscard]] std::optional<Unknown> unknown_of(const Value& left, const Value& right);

}  // namespace backscan::php::eval

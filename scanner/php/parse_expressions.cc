// Operators: precedence climbing over PHP 8's table. Chains of one operator come out flat, because
// hostile files concatenate a hundred thousand terms and a tree that deep cannot be walked.
#include "php/parser.h"

namespace backscan::php {

using enum TokenKind;

Node* Parser::expression(int min) {
  const Depth depth(*this);
  if (!depth.is_allowed()) return skip_nested();
  return operators(prefixed(), min);
}

int Parser::binary_precedence() const {
  switch (kind_) {
    case Char:
      switch (ch_) {
        case '?': return kTernary;
        case '|': return kBitOr;
        case '^': return kBitXor;
        case '&': return kBitAnd;
        case '<': case '>': return kComparison;
        case '.': return kConcat;
        case '+': case '-': return kSum;
        case '*': case '/': case '%': return kProduct;
        default: return -1;
      }
    case LogicalOr: return kOr;
    case LogicalXor: return kXor;
    case LogicalAnd: return kAnd;
    case Coalesce: return kCoalesce;
    case BooleanOr: return kBoolOr;
    case BooleanAnd: return kBoolAnd;
    case AmpersandFollowedByVarOrVararg: case AmpersandNotFollowedByVarOrVararg: return kBitAnd;
    case IsEqual: case IsNotEqual: case IsIdentical: case IsNotIdentical: case Spaceship:
      return kEquality;
    case IsSmallerOrEqual: case IsGreaterOrEqual: return kComparison;
    case Sl: case Sr: return kShift;
    case Instanceof: return kInstanceof;
    case Pow: return kPower;
    default: return -1;
  }
}

bool Parser::at_assignment() const {
  switch (kind_) {
    case Char: return ch_ == '=';
    case PlusEqual: case MinusEqual: case MulEqual: case DivEqual: case ConcatEqual:
    case ModEqual: case AndEqual: case OrEqual: case XorEqual: case SlEqual: case SrEqual:
    case CoalesceEqual: case PowEqual:
      return true;
    default: return false;
  }
}

namespace {

bool is_target(const Node& node) {
  switch (node.kind) {
    case NodeKind::Variable: case NodeKind::VarVar: case NodeKind::Index: case NodeKind::Prop:
    case NodeKind::StaticProp: case NodeKind::List: case NodeKind::Array: case NodeKind::Error:
      return true;
    default: return false;
  }
}

}  // namespace

Node* Parser::operators(Node* left, int min) {
  for (;;) {
    // An assignment binds to the variable on its left whatever stands before that: !$a = f().
    if (at_assignment() && is_target(*left)) {
      left = assignment(left);
      continue;
    }
    const int precedence = binary_precedence();
    if (precedence < 0 || precedence < min) return left;
    left = precedence == kTernary ? ternary(left) : chain(left, precedence);
  }
}

Node* Parser::assignment(Node* target) {
  const TokenKind op = kind_;
  const char op_char = ch_;
  advance();
  const bool by_reference = op == Char && accept_ampersand();
  if (target->is(NodeKind::Array)) target->kind = NodeKind::List;
  Node* value = expression(kAssign);
  Node* node = make(NodeKind::Assign, target->begin, {target, value});
  node->op = op;
  node->op_char = op_char;
  if (by_reference) node->flags |= kByRef;
  return node;
}

Node* Parser::chain(Node* left, int precedence) {
  const bool is_right = precedence == kPower || precedence == kCoalesce;
  const bool is_ampersand = precedence == kBitAnd;
  const TokenKind op = is_ampersand ? Char : kind_;
  const char op_char = is_ampersand ? '&' : ch_;
  const std::size_t mark = stack_.size();
  const auto is_same = [&] {
    return is_ampersand ? binary_precedence() == kBitAnd : kind_ == op && ch_ == op_char;
  };
  push(left);
  do {
    advance();
    push(expression(is_right ? precedence : precedence + 1));
  } while (!is_right && is_same() && !at_end());
  Node* node = make_from(NodeKind::Binary, left->begin, mark);
  node->op = op;
  node->op_char = op_char;
  return node;
}

Node* Parser::ternary(Node* condition) {
  advance();
  Node* then = at(':') ? nullptr : expression(kAssign);
  Node* otherwise = nullptr;
  if (accept(':')) otherwise = expression(kTernary + 1);
  if (otherwise == nullptr) otherwise = make(NodeKind::Error, begin());
  return make(NodeKind::Ternary, condition->begin, {condition, then, otherwise});
}

Node* Parser::prefix_operator(int operand_precedence) {
  const Offset first = begin();
  const TokenKind op = kind_;
  const char op_char = ch_;
  advance();
  Node* node = make(NodeKind::Unary, first, {expression(operand_precedence)});
  node->op = op;
  node->op_char = op_char;
  return node;
}

Node* Parser::prefixed() {
  switch (kind_) {
    case Char:
      if (ch_ == '!') return prefix_operator(kInstanceof);
      if (ch_ == '-' || ch_ == '+' || ch_ == '~' || ch_ == '@') return prefix_operator(kPower);
      return postfix(operand(), true);
    case AmpersandFollowedByVarOrVararg: case AmpersandNotFollowedByVarOrVararg: {
      Node* node = prefix_operator(kPower);
      node->op = Char;
      node->op_char = '&';
      return node;
    }
    case IntCast: case DoubleCast: case StringCast: case ArrayCast: case ObjectCast:
    case BoolCast: case UnsetCast: {
      Node* node = prefix_operator(kPower);
      if (node->is(NodeKind::Unary)) node->kind = NodeKind::Cast;
      return node;
    }
    case TokenKind::Inc: case TokenKind::Dec: {
      Node* node = prefix_operator(kPower);
      if (node->is(NodeKind::Unary)) node->kind = NodeKind::IncDec;
      node->flags |= kPrefix;
      return node;
    }
    default: return postfix(operand(), true);
  }
}

}  // namespace backscan::php

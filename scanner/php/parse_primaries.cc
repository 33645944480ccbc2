// Operands and what may follow them: literals, names, variables, calls, members, closures.
#include "php/parser.h"

namespace backscan::php {

using enum TokenKind;

Node* Parser::operand() {
  switch (kind_) {
    case Variable: return variable();
    case ConstantEncapsedString: case Lnumber: case Dnumber: case StartHeredoc:
      return literal_operand();
    case TokenKind::String: case NameFullyQualified: case NameQualified: case NameRelative:
      return name_operand();
    case Char: break;
    default: return keyword_operand();
  }
  const Offset first = begin();
  switch (ch_) {
    case '(': {
      advance();
      Node* inner = expression();
      accept(')');
      return inner;
    }
    case '[': return array_literal(NodeKind::Array, ']');
    case '$': return variable();
    case '"': case '`': return quoted(ch_);
    default: return make(NodeKind::Error, first);  // nothing consumed: the caller moves on
  }
}

Node* Parser::literal_operand() {
  if (at(StartHeredoc)) return heredoc();
  if (at(ConstantEncapsedString)) return constant_string();
  const Offset first = begin();
  const NodeKind kind = at(Lnumber) ? NodeKind::Int : NodeKind::Float;
  const std::string_view value = take_text();
  Node* node = make(kind, first);
  node->value = value;
  return node;
}

Node* Parser::keyword_operand() {
  const Offset first = begin();
  switch (kind_) {
    case TokenKind::Array:
      if (!next_is('(')) return name_operand();
      advance();
      return array_literal(NodeKind::Array, ')');
    case TokenKind::List:
      advance();
      return at('(') ? array_literal(NodeKind::List, ')') : make(NodeKind::Error, first);
    case TokenKind::Isset: {
      advance();
      const std::size_t mark = stack_.size();
      if (at('(')) arguments();
      return make_from(NodeKind::Isset, first, mark);
    }
    case TokenKind::Empty: return wrapped(NodeKind::Empty, false);
    case TokenKind::Eval: return wrapped(NodeKind::Eval, false);
    case TokenKind::Exit: return wrapped(NodeKind::Exit, true);
    case TokenKind::Include: case IncludeOnce: case Require: case RequireOnce: {
      const TokenKind op = kind_;
      advance();
      Node* node = make(NodeKind::Include, first, {expression(kOr)});
      node->op = op;
      return node;
    }
    case TokenKind::Print: advance(); return make(NodeKind::Print, first, {expression(kAssign)});
    case TokenKind::Clone: advance(); return make(NodeKind::Clone, first, {expression(kPower)});
    case TokenKind::Throw: advance(); return make(NodeKind::Throw, first, {expression(kAssign)});
    case TokenKind::Yield: case YieldFrom: {
      advance();
      Node* value = optional_expression();
      if (accept(DoubleArrow)) value = expression(kAssign);
      return make(NodeKind::Yield, first, {value});
    }
    case TokenKind::New: return new_expression();
    case TokenKind::Match: return match_expression();
    case TokenKind::Function: case Fn: case Static: return closure();
    case TokenKind::Attribute:
      skip_attributes();
      return at(TokenKind::Attribute) ? make(NodeKind::Error, first) : operand();
    default:
      return at_word() ? name_operand() : make(NodeKind::Error, first);
  }
}

// exit, die, eval, empty: a keyword and one expression, in parentheses or not.
Node* Parser::wrapped(NodeKind kind, bool is_optional) {
  const Offset first = begin();
  advance();
  if (is_optional && !at('(')) return make(kind, first);
  const bool has_parenthesis = accept('(');
  Node* value = at(')') ? nullptr : expression();
  if (has_parenthesis) accept(')');
  return make(kind, first, {value});
}

Node* Parser::variable() {
  const Offset first = begin();
  if (at(Variable)) {
    const std::string_view name = take_text();
    Node* node = make(NodeKind::Variable, first);
    node->name = name.empty() ? name : name.substr(1);
    return node;
  }
  const Depth depth(*this);  // $$$$…
  if (!depth.is_allowed()) return skip_nested();
  advance();
  Node* inner = nullptr;
  if (accept('{')) {
    inner = expression();
    accept('}');
  } else if (at(Variable) || at('$')) {
    inner = variable();
  } else {
    inner = make(NodeKind::Error, begin());
  }
  return make(NodeKind::VarVar, first, {inner});
}

Node* Parser::name_node() {
  const Offset first = begin();
  const std::string_view name = take_text();
  Node* node = make(NodeKind::Name, first);
  node->name = name;
  return node;
}

// A name is a function where '(' follows, a class before '::', else a constant.
Node* Parser::name_operand() {
  Node* node = name_node();
  if (!at('(') && !at(PaamayimNekudotayim)) node->kind = NodeKind::Const;
  return node;
}

Node* Parser::array_literal(NodeKind kind, char close) {
  const Offset first = begin();
  advance();
  const std::size_t mark = stack_.size();
  while (!at(close) && !at_end()) {
    const std::size_t before = pos_;
    if (at(',')) {  // a hole: list(, $b)
      advance();
      push(nullptr);
      continue;
    }
    const Offset item_first = begin();
    if (accept(Ellipsis)) {
      push(make(NodeKind::Spread, item_first, {expression()}));
    } else {
      bool by_reference = accept_ampersand();
      Node* key = nullptr;
      Node* value = expression();
      if (accept(DoubleArrow)) {
        key = value;
        by_reference = accept_ampersand();
        value = expression();
      }
      Node* item = make(NodeKind::ArrayItem, item_first, {key, value});
      if (by_reference) item->flags |= kByRef;
      push(item);
    }
    if (!accept(',') && !at(close)) {
      if (pos_ == before || at(';') || at('}')) break;
    }
  }
  accept(close);
  return make_from(kind, first, mark);
}

void Parser::arguments() {
  advance();
  while (!at(')') && !at_end()) {
    const std::size_t before = pos_;
    const Offset first = begin();
    if (accept(Ellipsis)) {
      push(make(NodeKind::Spread, first, {at(')') ? nullptr : expression()}));
    } else if (at_word() && next_is(':')) {
      const std::string_view name = take_text();
      advance();
      Node* named = make(NodeKind::NamedArg, first, {expression()});
      named->name = name;
      push(named);
    } else {
      push(expression());
    }
    if (accept(',')) continue;
    if (pos_ == before || !at(')')) break;  // broken: the statement goes on behind the call
  }
  accept(')');
}

Node* Parser::call(Node* callee) {
  const std::size_t mark = stack_.size();
  push(callee);
  std::string_view name;
  if (callee->is(NodeKind::Name)) {
    name = callee->name.starts_with('\\') ? callee->name.substr(1) : callee->name;
    name = keep_lower(name);
  }
  arguments();
  Node* node = make_from(NodeKind::Call, callee->begin, mark);
  node->name = name;
  return node;
}

Node* Parser::index(Node* base, char close) {
  advance();
  Node* key = at(close) ? nullptr : expression();
  accept(close);
  return make(NodeKind::Index, base->begin, {base, key});
}

Node* Parser::member(Node* object, bool allow_calls) {
  const bool is_nullsafe = at(NullsafeObjectOperator);
  advance();
  std::string_view name;
  Node* name_expression = nullptr;
  if (at_word()) {
    name = take_text();
  } else if (at(Variable) || at('$')) {
    name_expression = variable();
  } else if (accept('{')) {
    name_expression = expression();
    accept('}');
  }
  const bool is_call = allow_calls && at('(');
  const std::size_t mark = stack_.size();
  push(object);
  push(name_expression);
  if (is_call) arguments();
  Node* node =
      make_from(is_call ? NodeKind::MethodCall : NodeKind::Prop, object->begin, mark);
  node->name = is_call ? keep_lower(name) : name;
  if (is_nullsafe) node->flags |= kNullsafe;
  return node;
}

Node* Parser::static_member(Node* scope, bool allow_calls) {
  advance();
  if (scope->is(NodeKind::Const)) scope->kind = NodeKind::Name;
  std::string_view name;
  Node* name_expression = nullptr;
  NodeKind kind = NodeKind::ClassConst;
  if (at_word() && !at(Variable)) {
    name = take_text();
  } else if (at(Variable)) {
    kind = NodeKind::StaticProp;
    if (allow_calls && next_is('(')) {
      name_expression = variable();
    } else {
      name = take_text().substr(1);
    }
  } else if (at('$')) {
    kind = NodeKind::StaticProp;
    name_expression = variable();
  } else if (accept('{')) {
    name_expression = expression();
    accept('}');
  }
  const bool is_call = allow_calls && at('(');
  const std::size_t mark = stack_.size();
  push(scope);
  if (is_call || kind == NodeKind::StaticProp) push(name_expression);
  if (is_call) arguments();
  Node* node = make_from(is_call ? NodeKind::StaticCall : kind, scope->begin, mark);
  node->name = is_call ? keep_lower(name) : name;
  return node;
}

Node* Parser::postfix(Node* base, bool allow_calls) {
  for (;;) {
    switch (kind_) {
      case Char:
        if (ch_ == '[') {
          base = index(base, ']');
        } else if (ch_ == '(' && allow_calls && !base->is(NodeKind::Error)) {
          base = call(base);
        } else if (ch_ == '{' && is_adjacent() &&  // $s{0}, PHP below 8
                   (base->is(NodeKind::Variable) || base->is(NodeKind::Index))) {
          base = index(base, '}');
        } else {
          return base;
        }
        continue;
      case ObjectOperator: case NullsafeObjectOperator:
        base = member(base, allow_calls);
        continue;
      case PaamayimNekudotayim:
        base = static_member(base, allow_calls);
        continue;
      case TokenKind::Inc: case TokenKind::Dec: {
        if (!allow_calls) return base;
        const TokenKind op = kind_;
        advance();
        base = make(NodeKind::IncDec, base->begin, {base});
        base->op = op;
        continue;
      }
      default: return base;
    }
  }
}

}  // namespace backscan::php

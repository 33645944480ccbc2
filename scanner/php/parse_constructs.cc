// Operands with a grammar of their own: new, match, closures.
#include "php/parser.h"

namespace backscan::php {

using enum TokenKind;

Node* Parser::new_expression() {
  const Depth depth(*this);
  if (!depth.is_allowed()) return skip_nested();
  const Offset first = begin();
  advance();
  skip_attributes();
  accept(TokenKind::Readonly);
  const std::size_t mark = stack_.size();
  std::string_view name;
  if (at(TokenKind::Class)) {
    advance();
    push(nullptr);  // the class comes first in the node, its arguments first in the source
    if (at('(')) arguments();
    stack_[mark] = class_declaration(first, TokenKind::Class);
  } else {
    Node* which = nullptr;
    if (accept('(')) {
      which = expression();
      accept(')');
    } else if (at(Variable) || at('$')) {
      which = postfix(variable(), false);
    } else if (at_word() || at_name()) {
      which = name_node();
      name = which->name;
      if (at(PaamayimNekudotayim)) which = postfix(which, false);
    } else {
      which = make(NodeKind::Error, begin());
    }
    push(which);
    if (at('(')) arguments();
  }
  Node* node = make_from(NodeKind::New, first, mark);
  node->name = name;
  return node;
}

Node* Parser::match_expression() {
  const Offset first = begin();
  if (!next_is('(')) return name_operand();
  Node* callee = name_node();
  const std::size_t mark = stack_.size();
  push(callee);
  arguments();
  if (!accept('{')) {  // a function of that name, PHP below 8
    Node* node = make_from(NodeKind::Call, first, mark);
    node->name = keep_lower(callee->name);
    return node;
  }
  Node* subject = stack_.size() > mark + 1 ? stack_[mark + 1] : nullptr;
  stack_.resize(mark);
  push(subject);
  while (!at('}') && !at_end()) {
    const std::size_t before = pos_;
    const Offset arm_first = begin();
    const std::size_t arm = stack_.size();
    push(nullptr);
    if (!accept(TokenKind::Default)) {
      do push(expression());
      while (accept(',') && !at(DoubleArrow));
    }
    if (accept(DoubleArrow)) stack_[arm] = expression();
    push(make_from(NodeKind::MatchArm, arm_first, arm));
    accept(',');
    if (pos_ == before) break;
  }
  accept('}');
  return make_from(NodeKind::Match, first, mark);
}

// function, fn, and `static` before either; other uses of `static` are a class name.
Node* Parser::closure() {
  const Offset first = begin();
  std::uint8_t flags = 0;
  if (at(Static)) {
    if (!next_is(TokenKind::Function) && !next_is(Fn)) return name_operand();
    advance();
    flags |= kStatic;
  }
  const bool is_arrow = at(Fn);
  if (is_arrow && !next_is('(') && !next_is(AmpersandNotFollowedByVarOrVararg)) {
    return name_operand();
  }
  advance();
  if (accept_ampersand()) flags |= kByRef;
  Node* params = parameters();
  Node* uses = is_arrow ? nullptr : closure_uses();
  skip_return_type();
  Node* inner = nullptr;
  if (is_arrow) {
    inner = accept(DoubleArrow) ? expression(kAssign) : make(NodeKind::Error, begin());
  } else {
    inner = at('{') ? block() : make(NodeKind::Block, begin());
  }
  Node* node =
      make(is_arrow ? NodeKind::ArrowFn : NodeKind::Closure, first, {params, uses, inner});
  node->flags |= flags;
  return node;
}

}  // namespace backscan::php

// Statements without a body of their own: echo, return, global, goto, expressions and the rest.
#include "php/parser.h"

namespace backscan::php {

using enum TokenKind;

// A keyword and a list of expressions: echo, global, static, unset.
void Parser::expression_list(NodeKind kind) {
  const Offset first = begin();
  advance();
  const std::size_t mark = stack_.size();
  if (kind == NodeKind::Unset && at('(')) {
    arguments();
  } else {
    while (!at_end()) {
      const std::size_t before = pos_;
      push(expression());
      if (!accept(',') || pos_ == before) break;
    }
  }
  end_statement();
  push(make_from(kind, first, mark));
}

// A named function, not a closure: function f(…) or function &f(…).
bool Parser::at_function_declaration() const {
  std::size_t next = next_position(pos_ + 1);
  const auto is_ampersand = [&] {
    return tokens_[next].kind == AmpersandNotFollowedByVarOrVararg;
  };
  if (next < tokens_.size() && is_ampersand()) next = next_position(next + 1);
  return next < tokens_.size() && tokens_[next].kind != Char;
}

Node* Parser::inline_html() {
  const Offset first = begin();
  const std::string_view html = take_text();
  Node* node = make(NodeKind::InlineHtml, first);
  node->value = html;
  return node;
}

Node* Parser::goto_statement() {
  const Offset first = begin();
  advance();
  const std::string_view name = at_word() ? take_text() : std::string_view{};
  end_statement();
  Node* node = make(NodeKind::Goto, first);
  node->name = name;
  return node;
}

Node* Parser::label() {
  const Offset first = begin();
  const std::string_view name = take_text();
  advance();
  Node* node = make(NodeKind::Label, first);
  node->name = name;
  return node;
}

void Parser::simple_statement() {
  const Offset first = begin();
  const auto with_value = [&](NodeKind kind) {
    advance();
    Node* value = optional_expression();
    end_statement();
    push(make(kind, first, {value}));
  };
  switch (kind_) {
    case TokenKind::InlineHtml: return push(inline_html());
    case TokenKind::Echo: case OpenTagWithEcho: return expression_list(NodeKind::Echo);
    case TokenKind::Global: return expression_list(NodeKind::Global);
    case TokenKind::Unset: return expression_list(NodeKind::Unset);
    case Static:
      if (next_is(Variable)) return expression_list(NodeKind::StaticVar);
      break;
    case TokenKind::Return: return with_value(NodeKind::Return);
    case TokenKind::Break: return with_value(NodeKind::Break);
    case TokenKind::Continue: return with_value(NodeKind::Continue);
    case TokenKind::Goto: return push(goto_statement());
    case TokenKind::String:
      if (next_is(':')) return push(label());
      break;
    case TokenKind::HaltCompiler: return push(halt_compiler());
    case TokenKind::Function:
      if (at_function_declaration()) return push(function_declaration(NodeKind::Function, 0));
      break;
    case TokenKind::Const: return constants();
    case TokenKind::Use: return use_declaration();
    case TokenKind::Namespace: return push(namespace_declaration());
    case TokenKind::Attribute: skip_attributes(); return;
    default:
      if (at_class_declaration()) {
        while (at_modifier()) advance();
        const TokenKind kind = kind_;
        advance();
        return push(class_declaration(first, kind));
      }
  }
  Node* value = expression();
  const bool is_empty = value->is(NodeKind::Error) && value->begin == value->end;
  end_statement();
  if (!is_empty) push(make(NodeKind::ExprStmt, first, {value}));
}

}  // namespace backscan::php

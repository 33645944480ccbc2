// Declarations: functions, classes and their members, parameters, namespaces and imports. Types and
// attributes are passed over: no analysis asks for them.
#include "php/parser.h"

#include <string>

namespace backscan::php {

using enum TokenKind;

bool Parser::at_modifier() const {
  switch (kind_) {
    case Abstract: case Final: case Private: case Protected: case Public: case Readonly:
    case Static: case Var:
      return true;
    default: return false;
  }
}

bool Parser::at_class_declaration() const {
  if (kind_ == TokenKind::Class || kind_ == Interface || kind_ == Trait) return true;
  if (kind_ == Enum) return true;
  if (kind_ != Abstract && kind_ != Final && kind_ != Readonly) return false;
  return next_is(TokenKind::Class) || next_is(Abstract) || next_is(Final) || next_is(Readonly);
}

// Up to the variable, body or separator that a type stands before.
void Parser::skip_type() {
  while (!at_end()) {
    if (at('(')) {
      skip_brackets();
    } else if (at_name() || at(TokenKind::Array) || at(Callable) || at(Static) || at('?') ||
               at('|') || at(AmpersandNotFollowedByVarOrVararg) || at('&')) {
      advance();
    } else {
      return;
    }
  }
}

void Parser::skip_return_type() {
  if (accept(':')) skip_type();
}

Node* Parser::parameter() {
  const Offset first = begin();
  std::uint8_t flags = 0;
  skip_attributes();
  while (at_modifier()) {
    flags |= kPromoted;
    advance();
  }
  skip_type();
  if (accept_ampersand()) flags |= kByRef;
  if (accept(Ellipsis)) flags |= kVariadic;
  std::string_view name;
  if (at(Variable)) name = take_text().substr(1);
  Node* value = accept('=') ? expression() : nullptr;
  if (at('{')) skip_brackets();  // hooks of a promoted property
  Node* node = make(NodeKind::Param, first, {value});
  node->name = name;
  node->flags |= flags;
  return node;
}

Node* Parser::parameters() {
  const Offset first = begin();
  const std::size_t mark = stack_.size();
  if (accept('(')) {
    while (!at(')') && !at_end()) {
      const std::size_t before = pos_;
      push(parameter());
      if (!accept(',') && !at(')')) {
        if (pos_ == before || at('{') || at(';')) break;
      }
    }
    accept(')');
  }
  return make_from(NodeKind::Params, first, mark);
}

Node* Parser::closure_uses() {
  if (!accept(TokenKind::Use)) return nullptr;
  Node* uses = parameters();
  uses->kind = NodeKind::Uses;
  return uses;
}

Node* Parser::function_declaration(NodeKind kind, std::uint8_t flags) {
  const Offset first = begin();
  accept(TokenKind::Function);
  if (accept_ampersand()) flags |= kByRef;
  const std::string_view name = at_word() ? keep_lower(take_text()) : std::string_view{};
  Node* params = parameters();
  skip_return_type();
  Node* inner = nullptr;
  if (at('{')) {
    inner = block();
  } else {
    end_statement();
  }
  Node* node = make(kind, first, {params, nullptr, inner});
  node->name = name;
  node->flags |= flags;
  return node;
}

// The keyword is behind us; `kind` says which it was. An anonymous class has no name.
Node* Parser::class_declaration(Offset first, TokenKind kind) {
  const std::size_t mark = stack_.size();
  const bool is_named = at_word() && !at(Extends) && !at(Implements);
  const std::string_view name = is_named ? keep_lower(take_text()) : std::string_view{};
  if (accept(':')) skip_type();  // enum E: string
  push(nullptr);
  while (!at('{') && !at(';') && !at('}') && !at_end()) {
    const bool is_parent = accept(Extends);
    if (is_parent && (at_word() || at_name())) {
      stack_[mark] = name_node();
    } else if (!is_parent) {
      advance();
    }
  }
  if (accept('{')) {
    ++braces_;
    while (!at('}') && !at_end()) {
      const std::size_t before = pos_;
      class_member();
      if (pos_ == before) advance();
    }
    --braces_;
    accept('}');
  }
  Node* node = make_from(NodeKind::Class, first, mark);
  node->name = name;
  node->op = kind;
  return node;
}

void Parser::class_member() {
  const Depth depth(*this);
  if (!depth.is_allowed()) return push(skip_nested());
  skip_attributes();
  const Offset first = begin();
  std::uint8_t flags = 0;
  while (at_modifier()) {
    if (at(Static)) flags |= kStatic;
    advance();
    if (at('(')) skip_brackets();  // private(set)
  }
  switch (kind_) {
    case TokenKind::Function: {
      Node* method = function_declaration(NodeKind::Method, flags);
      method->begin = first;
      return push(method);
    }
    case TokenKind::Const: return constants();
    case TokenKind::Use: return trait_use();
    case TokenKind::Case: {  // enum case A = 1
      advance();
      Node* node = make(NodeKind::ConstDecl, first);
      node->name = at_word() ? take_text() : std::string_view{};
      if (accept('=')) {
        Node* value = expression();
        node = finish(node, &value, 1);
      }
      end_statement();
      return push(node);
    }
    default: break;
  }
  skip_type();
  if (at(Variable)) return properties(flags);
  if (!at('}')) statement();  // not a member: read it as code rather than lose it
}

void Parser::properties(std::uint8_t flags) {
  while (at(Variable)) {
    const Offset first = begin();
    const std::string_view name = take_text().substr(1);
    Node* value = accept('=') ? expression() : nullptr;
    Node* node = make(NodeKind::Property, first, {value});
    node->name = name;
    node->flags |= flags;
    push(node);
    if (at('{')) return property_hooks();
    if (!accept(',')) break;
  }
  end_statement();
}

// PHP 8.4: public string $x { get => …; set { … } }; each hook reads as a method.
void Parser::property_hooks() {
  advance();
  while (!at('}') && !at_end()) {
    const std::size_t before = pos_;
    const Offset first = begin();
    skip_attributes();
    accept_ampersand();
    const std::string_view name = at_word() ? keep_lower(take_text()) : std::string_view{};
    Node* params = parameters();
    Node* inner = nullptr;
    if (at('{')) {
      inner = block();
    } else if (accept(DoubleArrow)) {
      const Offset value_first = begin();
      Node* value = make(NodeKind::Return, value_first, {expression()});
      inner = make(NodeKind::Block, value_first, {value});
      end_statement();
    } else {
      end_statement();
    }
    Node* hook = make(NodeKind::Method, first, {params, nullptr, inner});
    hook->name = name;
    push(hook);
    if (pos_ == before) break;
  }
  accept('}');
}

void Parser::constants() {
  advance();
  while ((at_name() || at('?') || at('|') || at(TokenKind::Array)) && !next_is('=')) {
    advance();  // its type
  }
  while (!at_end()) {
    const Offset first = begin();
    const std::string_view name = at_word() ? take_text() : std::string_view{};
    Node* value = accept('=') ? expression() : nullptr;
    Node* node = make(NodeKind::ConstDecl, first, {value});
    node->name = name;
    push(node);
    if (!accept(',')) break;
  }
  end_statement();
}

// use A\B as C, D\{E, F as G}; the name as written, the alias as value.
void Parser::use_declaration() {
  advance();
  do use_clause({});
  while (accept(','));
  end_statement();
}

void Parser::use_clause(std::string_view prefix) {
  const Offset first = begin();
  accept(TokenKind::Function);
  accept(TokenKind::Const);
  std::string_view name = at_word() || at_name() ? take_text() : std::string_view{};
  if (prefix.empty() && accept(NsSeparator) && at('{')) return use_group(name);
  if (name.empty()) return;
  if (!prefix.empty()) name = keep(std::string(prefix) + "\\" + std::string(name));
  std::string_view alias;
  if (accept(As) && at_word()) alias = take_text();
  Node* node = make(NodeKind::UseDecl, first);
  node->name = name;
  node->value = alias;
  push(node);
}

void Parser::use_group(std::string_view prefix) {
  advance();
  if (prefix.empty()) prefix = "\\";
  do use_clause(prefix);
  while (accept(','));
  accept('}');
}

void Parser::trait_use() {
  advance();
  while (at_word() || at_name()) {
    const Offset first = begin();
    const std::string_view name = take_text();
    Node* node = make(NodeKind::UseDecl, first);
    node->name = name;
    push(node);
    if (!accept(',')) break;
  }
  if (at('{')) return skip_brackets();
  end_statement();
}

Node* Parser::namespace_declaration() {
  const Offset first = begin();
  advance();
  const std::string_view name = at_word() || at_name() ? take_text() : std::string_view{};
  Node* inner = nullptr;
  if (at('{')) {
    inner = block();
  } else {
    end_statement();
  }
  Node* node = make(NodeKind::Namespace, first, {inner});
  node->name = name;
  return node;
}

}  // namespace backscan::php

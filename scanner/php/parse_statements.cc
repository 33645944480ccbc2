// Statements: control structures in both spellings (braces and `if: … endif`), and the simple ones.
#include "php/parser.h"

namespace backscan::php {

using enum TokenKind;

bool Parser::at_alternative_end() const {
  switch (kind_) {
    case TokenKind::Else: case Elseif: case Endif: case Endwhile: case Endfor: case Endforeach:
    case Endswitch: case Enddeclare: case TokenKind::Case: case TokenKind::Default:
      return true;
    default: return false;
  }
}

void Parser::statements(bool is_braced) {
  while (!at_end()) {
    if (at('}') && braces_ > 0) return;
    if (at_alternative_end() && (!is_braced || at(TokenKind::Case) || at(TokenKind::Default))) {
      return;
    }
    const std::size_t before = pos_;
    statement();
    if (pos_ == before) {
      const Offset first = begin();
      advance();
      push(make(NodeKind::Error, first));
    }
  }
}

Node* Parser::block() {
  const Offset first = begin();
  const std::size_t mark = stack_.size();
  accept('{');
  ++braces_;
  for (;;) {
    statements(true);
    // A `case` outside any switch: pass over the word, keep the block.
    if (!at(TokenKind::Case) && !at(TokenKind::Default)) break;
    advance();
  }
  --braces_;
  accept('}');
  return make_from(NodeKind::Block, first, mark);
}

Node* Parser::alternative_block() {
  const Offset first = begin();
  const std::size_t mark = stack_.size();
  statements(false);
  return make_from(NodeKind::Block, first, mark);
}

void Parser::accept_end(TokenKind end_keyword) {
  if (accept(end_keyword)) end_statement();
}

// The body of a control structure that has no ':' form of its own at this place.
Node* Parser::body() {
  if (at('{')) return block();
  const Offset first = begin();
  const std::size_t mark = stack_.size();
  if (!at('}') && !at_end()) statement();
  if (stack_.size() == mark + 1) {
    Node* only = stack_.back();
    stack_.pop_back();
    return only;
  }
  return make_from(NodeKind::Block, first, mark);
}

Node* Parser::condition() {
  const bool has_parenthesis = accept('(');
  Node* node = expression();
  if (has_parenthesis) accept(')');
  return node;
}

Node* Parser::optional_expression() {
  if (at(';') || at(CloseTag) || at(')') || at(',') || at(']') || at('}') || at_end()) {
    return nullptr;
  }
  return expression();
}

// A chain of elseif is one flat node, so that a chain of any length stays shallow.
Node* Parser::if_statement() {
  const Offset first = begin();
  const std::size_t mark = stack_.size();
  bool is_alternative = false;
  Node* otherwise = nullptr;
  advance();
  for (;;) {
    push(condition());
    if (accept(':')) {
      is_alternative = true;
      push(alternative_block());
    } else {
      push(body());
    }
    if (accept(Elseif)) continue;
    if (!at(TokenKind::Else)) break;
    advance();
    if (at(TokenKind::If) && !is_alternative) {
      advance();
      continue;
    }
    otherwise = accept(':') ? alternative_block() : body();
    break;
  }
  if (is_alternative) accept_end(Endif);
  push(otherwise);
  return make_from(NodeKind::If, first, mark);
}

Node* Parser::for_part(char close) {
  const Offset first = begin();
  const std::size_t mark = stack_.size();
  while (!at(close) && !at_end()) {
    const std::size_t before = pos_;
    push(expression());
    if (!accept(',') || pos_ == before) break;
  }
  accept(close);
  return make_from(NodeKind::Block, first, mark);
}

Node* Parser::for_statement() {
  const Offset first = begin();
  advance();
  accept('(');
  Node* init = for_part(';');
  Node* cond = for_part(';');
  Node* step = for_part(')');
  Node* inner = nullptr;
  if (accept(':')) {
    inner = alternative_block();
    accept_end(Endfor);
  } else {
    inner = body();
  }
  return make(NodeKind::For, first, {init, cond, step, inner});
}

Node* Parser::foreach_statement() {
  const Offset first = begin();
  advance();
  accept('(');
  Node* subject = expression();
  Node* key = nullptr;
  Node* value = nullptr;
  if (accept(As)) {
    bool by_reference = accept_ampersand();
    value = expression();
    if (accept(DoubleArrow)) {
      key = value;
      by_reference = accept_ampersand();
      value = expression();
    }
    if (value->is(NodeKind::Array)) value->kind = NodeKind::List;
    if (by_reference) value->flags |= kByRef;
  } else {
    value = make(NodeKind::Error, begin());
  }
  accept(')');
  Node* inner = nullptr;
  if (accept(':')) {
    inner = alternative_block();
    accept_end(Endforeach);
  } else {
    inner = body();
  }
  return make(NodeKind::Foreach, first, {subject, key, value, inner});
}

Node* Parser::do_statement() {
  const Offset first = begin();
  advance();
  Node* inner = body();
  Node* cond = nullptr;
  if (accept(TokenKind::While)) cond = condition();
  end_statement();
  return make(NodeKind::DoWhile, first, {cond, inner});
}

Node* Parser::switch_statement() {
  const Offset first = begin();
  advance();
  const std::size_t mark = stack_.size();
  push(condition());
  const bool is_braced = accept('{');
  if (is_braced) ++braces_;
  if (!is_braced) accept(':');
  while (!at_end() && !at('}') && !at(Endswitch)) {
    const std::size_t before = pos_;
    const Offset case_first = begin();
    const bool is_case = at(TokenKind::Case);
    if (is_case || at(TokenKind::Default)) {
      advance();
      Node* value = is_case ? expression() : nullptr;
      if (!accept(':')) accept(';');
      Node* inner = alternative_block();
      push(make(NodeKind::Case, case_first, {value, inner}));
    } else {  // what stands before the first case never runs
      const std::size_t dead = stack_.size();
      statement();
      stack_.resize(std::min(stack_.size(), dead));
    }
    if (pos_ == before) advance();
  }
  if (is_braced) {
    --braces_;
    accept('}');
  } else {
    accept_end(Endswitch);
  }
  return make_from(NodeKind::Switch, first, mark);
}

Node* Parser::try_statement() {
  const Offset first = begin();
  advance();
  const std::size_t mark = stack_.size();
  push(block());
  for (;;) {
    const Offset part_first = begin();
    if (accept(TokenKind::Catch)) {
      std::string_view name;
      if (accept('(')) {
        while (!at(')') && !at('{') && !at_end()) {
          if (at(Variable)) name = text().substr(1);
          advance();
        }
        accept(')');
      }
      Node* node = make(NodeKind::Catch, part_first, {block()});
      node->name = name;
      push(node);
    } else if (accept(TokenKind::Finally)) {
      push(make(NodeKind::Finally, part_first, {block()}));
    } else {
      break;
    }
  }
  return make_from(NodeKind::Try, first, mark);
}

Node* Parser::halt_compiler() {
  const Offset first = begin();
  advance();
  if (accept('(')) accept(')');
  // The data starts right behind the ';' or the closing tag, white space included.
  Offset data = prev_end_;
  if (at(';') || at(CloseTag)) data = tokens_[pos_].end;
  Node* node = make(NodeKind::HaltCompiler, first);
  node->value = source_.substr(std::min<std::size_t>(data, source_.size()));
  node->end = static_cast<Offset>(source_.size());
  prev_end_ = node->end;
  pos_ = tokens_.size();
  load();
  return node;
}

void Parser::statement() {
  const Depth depth(*this);
  if (!depth.is_allowed()) {
    push(skip_nested());
    end_statement();
    return;
  }
  switch (kind_) {
    case Char:
      if (at('{')) return push(block());
      if (accept(';')) return;
      return simple_statement();
    case TokenKind::Variable: case TokenKind::String: return simple_statement();
    case TokenKind::If: return push(if_statement());
    case TokenKind::For: return push(for_statement());
    case TokenKind::Foreach: return push(foreach_statement());
    case TokenKind::Do: return push(do_statement());
    case TokenKind::Switch: return push(switch_statement());
    case TokenKind::Try: return push(try_statement());
    case TokenKind::While: case TokenKind::Declare: return control_statement();
    case CloseTag: return advance();
    default: return simple_statement();
  }
}

void Parser::control_statement() {
  const Offset first = begin();
  const bool is_while = at(TokenKind::While);
  advance();
  Node* cond = nullptr;
  if (is_while) {
    cond = condition();
  } else if (at('(')) {
    skip_brackets();  // declare(ticks=1)
  }
  Node* inner = nullptr;
  if (accept(':')) {
    inner = alternative_block();
    accept_end(is_while ? Endwhile : Enddeclare);
  } else if (is_while || at('{')) {
    inner = body();
  } else {
    end_statement();
  }
  push(is_while ? make(NodeKind::While, first, {cond, inner})
                : make(NodeKind::Declare, first, {inner}));
}

}  // namespace backscan::php

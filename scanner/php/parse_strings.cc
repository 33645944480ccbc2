// Quoted strings, heredocs and backticks: literals are decoded here, so that every walker sees the
// bytes PHP would see.
#include "php/parser.h"

#include <string>

#include "php/parse_literals.h"

namespace backscan::php {

using enum TokenKind;

Node* Parser::constant_string() {
  const Offset first = begin();
  const std::string_view literal = take_text();
  Node* node = make(NodeKind::String, first);
  std::string_view inner = literal;
  if (!inner.empty() && (inner.front() == 'b' || inner.front() == 'B')) inner.remove_prefix(1);
  const char quote = inner.empty() ? '\'' : inner.front();
  if (!inner.empty()) inner.remove_prefix(1);
  if (!inner.empty() && inner.back() == quote) inner.remove_suffix(1);
  node->value = inner.find('\\') == std::string_view::npos ? inner
                : quote == '"' ? keep(decode_escapes(inner, '"'))
                               : keep(decode_single_quoted(inner));
  return node;
}

// From one quote to the next; an unterminated one reaches to the end.
Node* Parser::quoted(char quote) {
  const Offset first = begin();
  const std::size_t mark = stack_.size();
  advance();
  while (!at(quote) && !at_end()) string_part(quote);
  accept(quote);
  return join_parts(quote == '`' ? NodeKind::ShellExec : NodeKind::Interpolated, first, mark);
}

Node* Parser::heredoc() {
  const Offset first = begin();
  const bool is_nowdoc = text().find('\'') != std::string_view::npos;
  const std::size_t mark = stack_.size();
  advance();
  while (!at(EndHeredoc) && !at_end()) string_part(0);
  const std::size_t indentation =
      at(EndHeredoc) ? std::min(text().find_first_not_of(" \t"), text().size()) : 0;
  accept(EndHeredoc);
  dedent(mark, indentation, !is_nowdoc);
  return join_parts(NodeKind::Interpolated, first, mark);
}

Node* Parser::join_parts(NodeKind kind, Offset first, std::size_t mark) {
  if (kind == NodeKind::Interpolated) {
    if (stack_.size() == mark) return make(NodeKind::String, first);
    if (stack_.size() == mark + 1 && stack_[mark]->is(NodeKind::String)) {
      Node* only = stack_[mark];
      stack_.resize(mark);
      only->begin = first;
      only->end = std::max(only->end, prev_end_);
      return only;
    }
  }
  return make_from(kind, first, mark);
}

// Heredoc parts are pushed raw; takes the closing line's indentation and the last line break away,
// then decodes. Only parts of the heredoc itself are touched, not strings inside its expressions.
void Parser::dedent(std::size_t mark, std::size_t indentation, bool decode) {
  bool is_line_start = true;
  for (std::size_t i = mark; i < stack_.size(); ++i) {
    Node* part = stack_[i];
    if (!part->is(NodeKind::String)) {
      is_line_start = false;
      continue;
    }
    std::string_view raw = part->value;
    if (i + 1 == stack_.size()) {
      if (raw.ends_with('\n')) raw.remove_suffix(1);
      if (raw.ends_with('\r')) raw.remove_suffix(1);
    }
    std::string cut;
    if (indentation > 0) {
      std::size_t left = is_line_start ? indentation : 0;
      for (const char c : raw) {
        if (left > 0 && (c == ' ' || c == '\t')) {
          --left;
          continue;
        }
        left = c == '\n' ? indentation : 0;
        cut.push_back(c);
      }
      raw = cut;
    }
    if (decode && raw.find('\\') != std::string_view::npos) {
      part->value = keep(decode_escapes(raw, 0));
    } else {
      part->value = indentation > 0 ? keep(raw) : raw;
    }
    is_line_start = false;
  }
  const bool is_empty = stack_.size() > mark + 1 && stack_.back()->is(NodeKind::String) &&
                        stack_.back()->value.empty();
  if (is_empty) stack_.pop_back();
}

// One piece of an interpolated string: text, $a, $a[0], $a->b, {$…} or ${…}. `quote` is 0 in a
// heredoc, whose text is decoded later.
void Parser::string_part(char quote) {
  const Offset first = begin();
  switch (kind_) {
    case EncapsedAndWhitespace: {
      const std::string_view raw = take_text();
      Node* node = make(NodeKind::String, first);
      const bool decode = quote != 0 && raw.find('\\') != std::string_view::npos;
      node->value = decode ? keep(decode_escapes(raw, quote)) : raw;
      push(node);
      return;
    }
    case Variable: push(simple_variable()); return;
    case CurlyOpen: {
      advance();
      push(expression());
      accept('}');
      return;
    }
    case DollarOpenCurlyBraces: push(braced_variable()); return;
    default:
      advance();
      push(make(NodeKind::Error, first));
  }
}

Node* Parser::simple_variable() {
  Node* base = variable();
  if (at('[') && is_adjacent()) {
    advance();
    const Offset first = begin();
    const bool is_negative = accept('-');
    Node* key = nullptr;
    if (at(Variable)) {
      key = variable();
    } else if (!at(']') && !at_end()) {
      key = make(at(TokenKind::String) ? NodeKind::String : NodeKind::Int, first);
      const std::string_view value = take_text();
      key->value = is_negative ? keep(std::string("-").append(value)) : value;
      key->end = prev_end_;
    }
    accept(']');
    return make(NodeKind::Index, base->begin, {base, key});
  }
  if ((at(ObjectOperator) || at(NullsafeObjectOperator)) && is_adjacent()) {
    return member(base, false);
  }
  return base;
}

Node* Parser::braced_variable() {
  const Offset first = begin();
  advance();
  Node* node = nullptr;
  if (at(StringVarname)) {
    const std::string_view name = take_text();
    node = make(NodeKind::Variable, first);
    node->name = name;
    if (at('[')) node = index(node, ']');
  } else {
    node = make(NodeKind::VarVar, first, {expression()});
  }
  accept('}');
  return node;
}

}  // namespace backscan::php

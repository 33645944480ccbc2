// The parser's ground floor: the token cursor, node making within the budgets, and recovery.
// Grammar lives in parse_*.cc.
#include "php/parser.h"

#include <cstring>

#include "base/text.h"

namespace backscan::php {

namespace {

bool is_trivia(TokenKind kind) {
  return kind == TokenKind::Whitespace || kind == TokenKind::Comment ||
         kind == TokenKind::DocComment || kind == TokenKind::OpenTag ||
         kind == TokenKind::BadCharacter;
}

bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

Parser::Parser(std::string_view source, std::span<const Token> tokens, const ParseLimits& limits)
    : source_(source), tokens_(tokens), limits_(limits) {
  stack_.reserve(256);
  pos_ = next_position(0);
  load();
}

SyntaxTree Parser::run() {
  const std::size_t mark = stack_.size();
  while (!at_end()) {
    const std::size_t before = pos_;
    statement();
    if (pos_ == before) {  // a token that starts nothing: drop it, the next may start something
      const Offset first = begin();
      advance();
      push(make(NodeKind::Error, first));
    }
  }
  tree_.root_ = make_from(NodeKind::Block, 0, mark);
  return std::move(tree_);
}

void Parser::load() {
  if (at_end()) {
    kind_ = TokenKind::Char;
    ch_ = 0;
    return;
  }
  const Token& token = tokens_[pos_];
  kind_ = token.kind;
  // The last byte, because a binary string opens with `b"`.
  ch_ = kind_ == TokenKind::Char && token.end > token.begin ? source_[token.end - 1] : '\0';
}

std::size_t Parser::next_position(std::size_t from) const {
  while (from < tokens_.size() && is_trivia(tokens_[from].kind)) ++from;
  return from;
}

void Parser::advance() {
  if (at_end()) return;
  prev_end_ = tokens_[pos_].end;
  pos_ = next_position(pos_ + 1);
  load();
}

bool Parser::at_word() const {
  if (kind_ == TokenKind::Char || kind_ == TokenKind::InlineHtml ||
      kind_ == TokenKind::EncapsedAndWhitespace || at_end()) {
    return false;
  }
  if (kind_ == TokenKind::ConstantEncapsedString || kind_ == TokenKind::NameQualified) return false;
  return starts_word(source_[tokens_[pos_].begin]);
}

bool Parser::at_opener() const {
  return at('(') || at('[') || at('{') || at(TokenKind::CurlyOpen) ||
         at(TokenKind::DollarOpenCurlyBraces) || at(TokenKind::Attribute);
}

bool Parser::at_closer() const { return at(')') || at(']') || at('}'); }

bool Parser::at_name() const {
  return kind_ == TokenKind::String || kind_ == TokenKind::NameFullyQualified ||
         kind_ == TokenKind::NameQualified || kind_ == TokenKind::NameRelative;
}

Offset Parser::begin() const {
  return at_end() ? static_cast<Offset>(source_.size()) : tokens_[pos_].begin;
}

std::string_view Parser::text() const {
  return at_end() ? std::string_view{} : tokens_[pos_].text(source_);
}

std::string_view Parser::take_text() {
  const std::string_view taken = text();
  advance();
  return taken;
}

bool Parser::next_is(char c) const {
  const std::size_t next = next_position(pos_ + 1);
  return next < tokens_.size() && tokens_[next].kind == TokenKind::Char &&
         source_[tokens_[next].begin] == c;
}

bool Parser::next_is(TokenKind k) const {
  const std::size_t next = next_position(pos_ + 1);
  return next < tokens_.size() && tokens_[next].kind == k;
}

bool Parser::accept(char c) {
  if (!at(c)) return false;
  advance();
  return true;
}

bool Parser::accept(TokenKind k) {
  if (!at(k) || at_end()) return false;
  advance();
  return true;
}

bool Parser::accept_ampersand() {
  return accept(TokenKind::AmpersandFollowedByVarOrVararg) ||
         accept(TokenKind::AmpersandNotFollowedByVarOrVararg) || accept('&');
}

// A missing ';' is forgiven: whatever comes next starts a statement of its own.
void Parser::end_statement() {
  if (!accept(';')) accept(TokenKind::CloseTag);
}

std::string_view Parser::keep(std::string_view kept) {
  if (kept.empty()) return {};
  auto* bytes = static_cast<char*>(tree_.arena_->allocate(kept.size(), 1));
  std::memcpy(bytes, kept.data(), kept.size());
  return {bytes, kept.size()};
}

std::string_view Parser::keep_lower(std::string_view kept) {
  bool has_upper = false;
  for (const char c : kept) has_upper |= c >= 'A' && c <= 'Z';
  return has_upper ? keep(ascii_lower(kept)) : kept;
}

Node* Parser::make(NodeKind kind, Offset first) {
  auto* node = new (tree_.arena_->allocate(sizeof(Node), alignof(Node))) Node;
  node->kind = kind;
  node->begin = first;
  node->end = std::max(first, prev_end_);
  if (++tree_.size_ >= limits_.max_nodes && !at_end()) {
    tree_.is_truncated_ = true;
    pos_ = tokens_.size();
    load();
  }
  return node;
}

Node* Parser::make(NodeKind kind, Offset first, std::initializer_list<Node*> kids) {
  return finish(make(kind, first), std::data(kids), kids.size());
}

// Takes the children above `mark` off the stack.
Node* Parser::make_from(NodeKind kind, Offset first, std::size_t mark) {
  Node* node = make(kind, first);
  if (stack_.size() == mark) return node;
  finish(node, stack_.data() + mark, stack_.size() - mark);
  stack_.resize(mark);
  return node;
}

Node* Parser::finish(Node* node, const Node* const* kids, std::size_t count) {
  std::uint32_t height = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (kids[i] != nullptr) height = std::max(height, kids[i]->height);
  }
  node->height = height + 1;
  if (node->height > limits_.max_height) {  // cut here: what hangs below is lost, and told
    tree_.is_truncated_ = true;
    node->kind = NodeKind::Error;
    node->height = 1;
    return node;
  }
  auto* stored = static_cast<const Node**>(
      tree_.arena_->allocate(count * sizeof(const Node*), alignof(const Node*)));
  std::memcpy(stored, kids, count * sizeof(const Node*));
  node->kids = {stored, count};
  return node;
}

// Where nesting is too deep: passes over everything up to the end of the statement, argument or
// bracket, in one sweep, so that hostile nesting costs linear time.
Node* Parser::skip_nested() {
  tree_.is_truncated_ = true;
  const Offset first = begin();
  std::size_t open = 0;
  for (; !at_end(); advance()) {
    if (at_opener()) {
      ++open;
    } else if (at_closer()) {
      if (open == 0) break;
      --open;
    } else if (open == 0 && (at(';') || at(',') || at(TokenKind::CloseTag))) {
      break;
    }
  }
  return make(NodeKind::Error, first);
}

void Parser::skip_brackets() {
  std::size_t open = 0;
  do {
    if (at_opener()) ++open;
    if (at_closer()) --open;
    advance();
  } while (open > 0 && !at_end());
}

void Parser::skip_attributes() {
  while (at(TokenKind::Attribute)) skip_brackets();
}

SyntaxTree parse(std::string_view source, std::span<const Token> tokens,
                 const ParseLimits& limits) {
  return Parser(source, tokens, limits).run();
}

}  // namespace backscan::php

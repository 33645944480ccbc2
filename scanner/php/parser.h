// The parser's inside, shared by parse_*.cc: a tolerant recursive descent with precedence climbing.
// A private header, so that ast.h shows callers the tree and nothing of how it is made.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "php/ast.h"
#include "php/token.h"

namespace backscan::php {

/// Binding strength of operators, weakest first (PHP 8 order).
enum Precedence : int {
  kAny = 0, kOr, kXor, kAnd, kPrint, kAssign, kTernary, kCoalesce, kBoolOr, kBoolAnd, kBitOr,
  kBitXor, kBitAnd, kEquality, kComparison, kConcat, kShift, kSum, kProduct, kNot, kInstanceof,
  kUnary, kPower,
};

class Parser {
 public:
  Parser(std::string_view source, std::span<const Token> tokens, const ParseLimits& limits);
  [[nodiscard]] SyntaxTree run();

 private:
  using Kids = std::vector<Node*>;  // children of the nodes under construction, innermost last

  // One level of nesting; false where the budget has no more.
  class Depth {
   public:
    explicit Depth(Parser& p) : parser_(p) { ++parser_.depth_; }
    ~Depth() { --parser_.depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    [[nodiscard]] bool is_allowed() const { return parser_.depth_ <= parser_.limits_.max_depth; }

   private:
    Parser& parser_;
  };

  // parser.cc: tokens, nodes, recovery.
  void load();
  void advance();
  [[nodiscard]] bool at(char c) const { return ch_ == c; }
  [[nodiscard]] bool at(TokenKind k) const { return kind_ == k; }
  [[nodiscard]] bool at_end() const { return pos_ >= tokens_.size(); }
  [[nodiscard]] bool at_word() const;  // an identifier or a keyword used as one
  [[nodiscard]] bool at_name() const;  // a possibly qualified name
  [[nodiscard]] bool at_opener() const;
  [[nodiscard]] bool at_closer() const;
  [[nodiscard]] bool is_adjacent() const { return begin() == prev_end_; }
  [[nodiscard]] Offset begin() const;
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] std::string_view take_text();
  [[nodiscard]] std::size_t next_position(std::size_t from) const;
  [[nodiscard]] bool next_is(char c) const;
  [[nodiscard]] bool next_is(TokenKind k) const;
  bool accept(char c);
  bool accept(TokenKind k);
  bool accept_ampersand();
  void end_statement();
  [[nodiscard]] std::string_view keep(std::string_view text);  // copies into the arena
  [[nodiscard]] std::string_view keep_lower(std::string_view text);
  [[nodiscard]] Node* make(NodeKind kind, Offset first);
  [[nodiscard]] Node* make(NodeKind kind, Offset first, std::initializer_list<Node*> kids);
  [[nodiscard]] Node* make_from(NodeKind kind, Offset first, std::size_t mark);
  Node* finish(Node* node, const Node* const* kids, std::size_t count);
  [[nodiscard]] Node* skip_nested();
  void skip_brackets();
  void skip_attributes();
  void push(Node* node) { stack_.push_back(node); }

  // parse_expressions.cc: operators.
  [[nodiscard]] Node* expression(int min = kAny);
  [[nodiscard]] Node* operators(Node* left, int min);
  [[nodiscard]] Node* assignment(Node* target);
  [[nodiscard]] Node* chain(Node* left, int precedence);
  [[nodiscard]] Node* ternary(Node* condition);
  [[nodiscard]] Node* prefixed();
  [[nodiscard]] Node* prefix_operator(int operand_precedence);
  [[nodiscard]] int binary_precedence() const;
  [[nodiscard]] bool at_assignment() const;

  // parse_primaries.cc: operands and what follows them.
  [[nodiscard]] Node* operand();
  [[nodiscard]] Node* keyword_operand();
  [[nodiscard]] Node* literal_operand();
  [[nodiscard]] Node* variable();
  [[nodiscard]] Node* name_operand();
  [[nodiscard]] Node* name_node();
  [[nodiscard]] Node* array_literal(NodeKind kind, char close);
  [[nodiscard]] Node* wrapped(NodeKind kind, bool is_optional);
  [[nodiscard]] Node* new_expression();
  [[nodiscard]] Node* match_expression();
  [[nodiscard]] Node* closure();
  void arguments();  // pushes them
  [[nodiscard]] Node* postfix(Node* base, bool allow_calls);
  [[nodiscard]] Node* index(Node* base, char close);
  [[nodiscard]] Node* member(Node* object, bool allow_calls);
  [[nodiscard]] Node* static_member(Node* scope, bool allow_calls);
  [[nodiscard]] Node* call(Node* callee);

  // parse_strings.cc: quotes, heredocs, backticks.
  [[nodiscard]] Node* constant_string();
  [[nodiscard]] Node* quoted(char quote);
  [[nodiscard]] Node* heredoc();
  void string_part(char quote);  // pushes one
  [[nodiscard]] Node* simple_variable();
  [[nodiscard]] Node* braced_variable();
  void dedent(std::size_t mark, std::size_t indentation, bool decode);
  [[nodiscard]] Node* join_parts(NodeKind kind, Offset first, std::size_t mark);

  // parse_statements.cc.
  void statements(bool is_braced);  // pushes them, up to the end of the block
  void statement();
  void control_statement();
  void simple_statement();
  [[nodiscard]] bool at_function_declaration() const;
  [[nodiscard]] Node* inline_html();
  [[nodiscard]] Node* goto_statement();
  [[nodiscard]] Node* label();
  void expression_list(NodeKind kind);
  [[nodiscard]] Node* block();
  [[nodiscard]] Node* body();  // a braced block, one statement or the ':' form
  [[nodiscard]] Node* alternative_block();
  [[nodiscard]] Node* condition();
  [[nodiscard]] Node* optional_expression();
  [[nodiscard]] Node* if_statement();
  [[nodiscard]] Node* for_statement();
  [[nodiscard]] Node* for_part(char close);
  [[nodiscard]] Node* foreach_statement();
  [[nodiscard]] Node* do_statement();
  [[nodiscard]] Node* switch_statement();
  [[nodiscard]] Node* try_statement();
  [[nodiscard]] Node* halt_compiler();
  [[nodiscard]] bool at_alternative_end() const;
  void accept_end(TokenKind end_keyword);

  // parse_declarations.cc.
  [[nodiscard]] Node* function_declaration(NodeKind kind, std::uint8_t flags);
  [[nodiscard]] Node* parameters();
  [[nodiscard]] Node* parameter();
  [[nodiscard]] Node* closure_uses();
  void skip_type();
  void skip_return_type();
  [[nodiscard]] Node* class_declaration(Offset first, TokenKind kind);
  void class_member();
  void properties(std::uint8_t flags);
  void property_hooks();
  void constants();
  void use_declaration();
  void use_group(std::string_view prefix);
  void use_clause(std::string_view prefix);
  void trait_use();
  [[nodiscard]] Node* namespace_declaration();
  [[nodiscard]] bool at_modifier() const;
  [[nodiscard]] bool at_class_declaration() const;

  std::string_view source_;
  std::span<const Token> tokens_;
  ParseLimits limits_;
  SyntaxTree tree_;
  Kids stack_;
  std::size_t pos_ = 0;
  TokenKind kind_ = TokenKind::Char;  // of the current token
  char ch_ = 0;                       // its byte where it is a Char, else 0
  Offset prev_end_ = 0;
  std::uint32_t depth_ = 0;
  std::uint32_t braces_ = 0;  // open braced blocks
};

}  // namespace backscan::php

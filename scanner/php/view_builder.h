// Tokens in, both views out: a machine that is fed portions of tokens and remembers what a string
// or a run of joined constants needs between them. The header is the room's own; users take
// views.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <deque>

#include "php/lexer.h"
#include "php/string_literal.h"
#include "php/token.h"
#include "php/view_writer.h"
#include "php/views.h"

namespace backscan::php {

class ViewBuilder {
 public:
  /// How many tokens behind the one in hand are looked at. Whoever feeds tokens keeps that many
  /// readable behind them; at the end of the file they are kPadding.
  static constexpr std::size_t kLookAhead = 64;
  static constexpr Token kPadding{TokenKind::Whitespace, 0, 0};

  /// Without maps the views say what the program does, and not where.
  ViewBuilder(std::string_view source, CodeViews& views, bool has_maps);

  /// Consumes tokens[0, stop), and what a construct begun there needs of the look-ahead; returns
  /// how many. `tokens` holds no white space and no comments.
  [[nodiscard]] std::size_t consume(const Token* tokens, std::size_t stop);
  void finish();

  /// True where no string and no joined constants are open.
  [[nodiscard]] bool is_between_constructs() const { return frames_.empty() && !is_constant_open_; }
  /// Writes what stands at the lexer's place and needs no tokens, and moves it behind
  /// (plain_code.cc). Only between constructs and in a program.
  void plain(Lexer& lexer);

 private:
  /// An open string, or an expression inside one.
  struct Frame {
    Quoting quoting = Quoting::kDouble;
    bool is_expression : 1 = false;
    bool has_parts : 1 = false;      // string: something of it was written
    bool is_in_offset : 1 = false;   // string: between the brackets of "$a[…]"
    bool is_line_start : 1 = false;  // heredoc: the next text begins a line
    bool writes_brace : 1 = false;   // expression: its closing brace is written
    union {                          // small, for hostile files nest them by the million
      std::uint32_t depth = 0;       // expression: braces open inside
      std::uint32_t indent_bytes;    // heredoc: what its closing label is indented by
    };
  };

  // code_view.cc: the program outside strings. Each takes the index of a token and returns that of
  // the next one.
  std::size_t script(const Token* tokens, std::size_t i, std::size_t stop);
  std::size_t special(const Token* tokens, std::size_t i);
  std::size_t special_char(const Token* tokens, std::size_t i);
  std::size_t open_brace(const Token* tokens, std::size_t i);
  std::size_t close_brace(const Token* tokens, std::size_t i);
  void cast(std::string_view text);
  void fully_qualified(std::string_view text);

  // plain_code.cc. Each returns where it ends, or its begin where tokens are needed.
  const char* plain_word(const char* p);
  const char* plain_number(const char* p);
  const char* plain_name(const char* p);
  const char* plain_arrow(const char* p);
  template <char quote>
  const char* plain_string(const char* p);
  [[nodiscard]] bool may_begin_constant(const char* p) const;
  [[nodiscard]] bool may_go_on(const char* behind_string) const;
  [[nodiscard]] bool may_open_group(const char* parenthesis) const;

  // code_constants.cc: constants, joined and named.
  std::size_t continue_constant(const Token* tokens, std::size_t i, std::size_t stop);
  std::size_t constant_operand(const Token* tokens, std::size_t i);
  std::size_t called_constant(const Token* tokens, std::size_t i, std::size_t end);
  std::size_t name_in_braces(const Token* tokens, std::size_t i, std::string_view prefix);
  [[nodiscard]] std::size_t operand_end(const Token* tokens, std::size_t i) const;
  [[nodiscard]] std::size_t sequence_end(const Token* tokens, std::size_t i, char closer) const;
  [[nodiscard]] bool is_chr_call(const Token* tokens, std::size_t i) const;
  [[nodiscard]] bool is_char(const Token& token, char c) const {
    return token.kind == TokenKind::Char && source_[token.begin] == c;
  }
  void decode(const Token* tokens, std::size_t i, std::size_t end, std::string& out) const;
  void open_constant();
  void close_constant();
  void append_value(std::string_view inside, Quoting quoting);
  void append_byte(char c);

  // string_parts.cc: strings with variables in them.
  [[nodiscard]] bool is_in_string() const {
    return !frames_.empty() && !frames_.back().is_expression;
  }
  [[nodiscard]] bool opens_string(const Token& token) const;
  std::size_t open_string(const Token* tokens, std::size_t i);
  std::size_t string_part(const Token* tokens, std::size_t i);
  std::size_t close_string(std::size_t i);
  std::size_t open_expression(const Token* tokens, std::size_t i);
  void string_text(const Token* tokens, std::size_t i);
  void begin_variable(Frame& frame);
  void variable_name(std::string_view name, bool is_bare);
  [[nodiscard]] std::uint32_t closing_indent(std::string_view start, Offset body);

  [[nodiscard]] std::string_view text_of(const Token& token) const { return token.text(source_); }
  /// Text of the text view: only outside the expressions of strings.
  [[nodiscard]] bool is_text_on() const { return expressions_ == 0; }

  std::string_view source_;
  const char* end_;  // of the source
  ViewWriter code_;
  ViewWriter text_;
  std::deque<Frame> frames_;       // a vector of millions would be copied, growing
  std::uint32_t expressions_ = 0;  // expression frames open
  bool is_constant_open_ = false;  // the code view stands inside a '…'
  bool is_join_pending_ = false;   // … whose string is followed by a '.' not written yet
  std::size_t indent_budget_;      // bytes that may still be searched for closing labels
  std::string scratch_;
};

}  // namespace backscan::php

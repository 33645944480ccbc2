// The lexer as a resumable machine: it hands out tokens in portions, so that whoever needs them
// only once (the views) never holds a list of them. lex() of token.h is this machine run to its
// end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "php/token.h"

namespace backscan::php {

class Lexer {
 public:
  /// The fewest tokens that next() needs room for.
  static constexpr std::size_t kMinPortion = 8;

  Lexer() = default;
  Lexer(std::string_view source, const LexOptions& options) { start(source, options); }

  /// Begins a source; keeps the capacity of its stacks.
  void start(std::string_view source, const LexOptions& options);

  /// From here on white space and comments are left out, for whoever would only skip them.
  void skip_trivia() { keeps_trivia_ = false; }

  /// Writes the next tokens to `out` (room for kMinPortion at least) and returns how many; 0 once
  /// the source is used up.
  [[nodiscard]] std::size_t next(std::span<Token> out);

  /// The same, but hands out early what ends with a ';' or an open tag, behind which a program goes
  /// on (ends_statement).
  [[nodiscard]] std::size_t next_statement(std::span<Token> out);
  [[nodiscard]] static bool ends_statement(const Token& last, std::string_view source) {
    return last.kind == TokenKind::OpenTag || last.kind == TokenKind::OpenTagWithEcho ||
           (last.kind == TokenKind::Char && source[last.begin] == ';');
  }

  // For whoever reads a stretch of program itself (plain_code.cc) and tells the lexer where it
  // ends.
  /// Between the tokens of a `<?php` block, where no byte means anything but what it spells.
  [[nodiscard]] bool is_in_program() const {
    return mode_ == Mode::kScripting && block_ == Block::kPhp && halt_tokens_ == 0;
  }
  [[nodiscard]] bool is_at_end() const { return pos_ >= end_; }
  [[nodiscard]] const char* position() const { return pos_; }
  void move_to(const char* position) { pos_ = position; }
  /// Behind the comment that begins here.
  void skip_comment();
  void open_brace() { push(Mode::kScripting); }
  void close_brace() { pop(); }

 private:
  /// What PHP's scanner calls its start conditions.
  enum class Mode : std::uint8_t {
    kHtml,
    kScripting,
    kProperty,
    kDoubleQuotes,
    kBackquote,
    kHeredoc,
    kNowdoc,
    kEndHeredoc,
    kVarName,
    kVarOffset,
  };
  /// What opened the PHP block we are in, where that matters for what closes it.
  enum class Block : std::uint8_t { kPhp, kAsp, kScript };

  struct HeredocLabel {
    std::string_view name;
    std::uint32_t indent_bytes = 0;
  };

  // One call makes progress by at least one byte, or changes the mode, or ends the source; it emits
  // at most kMinPortion - 1 tokens, the scripting loop as many as there is room for.
  void step();
  void html();
  void scripting();
  void property();
  void interpolated(char quote);
  void nowdoc();
  void end_heredoc();
  void var_name();
  void var_offset();

  // Parts of scripting(); each is called with pos_ at the construct.
  void construct();
  void word();
  void qualified_name(const char* first_end, TokenKind kind);
  void backslash();
  void operator_at();
  void object_operator(std::size_t length, TokenKind kind);
  void ampersand();
  void less_than();
  void parenthesis();
  void slash();
  void hash();
  void question_mark();
  void percent();
  void number();
  void single_quoted(const char* quote);
  void double_quoted(const char* quote);
  bool heredoc(const char* arrows);
  void line_comment(const char* body);
  void close_tag(std::size_t length);
  bool script_close_tag();

  // Parts of html().
  struct Opening {
    const char* begin = nullptr;
    std::size_t length = 0;
    TokenKind kind = TokenKind::OpenTag;
    Block block = Block::kPhp;
  };
  [[nodiscard]] Opening find_open_tag(const char* from);
  [[nodiscard]] Opening question_tag(const char* p) const;
  [[nodiscard]] Opening asp_tag(const char* p);
  [[nodiscard]] Opening script_tag(const char* p);
  [[nodiscard]] bool is_closed_before_question_tag(const char* p, Block block);

  /// End of an integer of any base at `p`, which is at a digit.
  [[nodiscard]] static const char* integer_end(const char* p, const char* end);

  // Parts of heredocs.
  [[nodiscard]] const char* heredoc_text_end(const char* p, bool is_nowdoc);
  [[nodiscard]] bool label_ends_heredoc(const char* p) const;

  void emit(TokenKind kind, const char* token_end) {
    *out_++ = {kind, offset(pos_), offset(token_end)};
    pos_ = token_end;
  }
  void emit(TokenKind kind, std::size_t length) { emit(kind, pos_ + length); }
  void emit_trivia(TokenKind kind, const char* token_end) {
    if (keeps_trivia_) return emit(kind, token_end);
    pos_ = token_end;
  }
  [[nodiscard]] Offset offset(const char* p) const { return static_cast<Offset>(p - begin_); }
  [[nodiscard]] char ahead(std::size_t n) const {
    return n < static_cast<std::size_t>(end_ - pos_) ? pos_[n] : '\0';
  }
  void push(Mode mode) {
    stack_.push_back(mode_);
    mode_ = mode;
  }
  void pop() {
    if (stack_.empty()) return;
    mode_ = stack_.back();
    stack_.pop_back();
  }
  void cut_after_halt(Token* first_new);

  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  const char* pos_ = nullptr;
  Token* out_ = nullptr;
  Token* limit_ = nullptr;  // a step may start while out_ <= limit_
  LexOptions options_;
  Mode mode_ = Mode::kHtml;
  Block block_ = Block::kPhp;
  bool keeps_trivia_ = true;
  bool stops_at_statement_ = false;
  int halt_tokens_ = 0;  // after __halt_compiler: tokens still to come before the data
  std::vector<Mode> stack_;
  std::vector<HeredocLabel> heredocs_;
  // Look-ahead of the tolerant tags, remembered so that it stays linear; never behind pos_.
  const char* next_question_tag_ = nullptr;
  const char* next_asp_close_ = nullptr;
  const char* next_script_close_ = nullptr;
};

}  // namespace backscan::php

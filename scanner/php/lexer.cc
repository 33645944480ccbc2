#include "php/lexer.h"

#include <algorithm>
#include <array>

#include "php/lexer_keywords.h"
#include "php/lexer_scan.h"

namespace backscan::php {
namespace {

/// What the inner loop of scripting() does with a byte. Everything that is not frequent, or needs a
/// closer look, is kConstruct.
enum class Lead : std::uint8_t { kConstruct, kBlank, kWord, kDollar, kSingle };

constexpr std::array<Lead, 256> kLead = [] {
  std::array<Lead, 256> table{};
  for (std::size_t c = 0; c < 256; ++c) {
    if ((scan::kByteClass[c] & scan::kBlank) != 0) table[c] = Lead::kBlank;
    if ((scan::kByteClass[c] & scan::kLabelStart) != 0) table[c] = Lead::kWord;
  }
  table['$'] = Lead::kDollar;
  for (const char c : {';', ',', ')', '[', ']', '~', '@'}) {
    table[static_cast<unsigned char>(c)] = Lead::kSingle;
  }
  return table;
}();

/// Words that mean something else depending on what follows.
constexpr bool needs_context(TokenKind kind) {
  return kind == TokenKind::Enum || kind == TokenKind::Yield || kind == TokenKind::HaltCompiler;
}

}  // namespace

void Lexer::start(std::string_view source, const LexOptions& options) {
  begin_ = source.data();
  end_ = begin_ + source.size();
  pos_ = begin_;
  options_ = options;
  mode_ = Mode::kHtml;
  block_ = Block::kPhp;
  keeps_trivia_ = true;
  stops_at_statement_ = false;
  halt_tokens_ = 0;
  stack_.clear();
  heredocs_.clear();
  next_question_tag_ = nullptr;
  next_asp_close_ = nullptr;
  next_script_close_ = nullptr;
}

std::size_t Lexer::next(std::span<Token> out) {
  if (out.size() < kMinPortion) return 0;
  out_ = out.data();
  limit_ = out.data() + (out.size() - kMinPortion);
  while (pos_ < end_ && out_ <= limit_) {
    Token* const first_new = out_;
    const bool was_halting = halt_tokens_ > 0;
    step();
    if (was_halting) cut_after_halt(first_new);
    const bool is_statement = stops_at_statement_ && out_ != first_new && halt_tokens_ == 0 &&
                              mode_ == Mode::kScripting &&
                              ends_statement(out_[-1], {begin_, end_});
    if (is_statement) break;
  }
  return static_cast<std::size_t>(out_ - out.data());
}

std::size_t Lexer::next_statement(std::span<Token> out) {
  stops_at_statement_ = true;
  const std::size_t count = next(out);
  stops_at_statement_ = false;
  return count;
}

void Lexer::step() {
  switch (mode_) {
    case Mode::kHtml: return html();
    case Mode::kScripting: return scripting();
    case Mode::kProperty: return property();
    case Mode::kDoubleQuotes: return interpolated('"');
    case Mode::kBackquote: return interpolated('`');
    case Mode::kHeredoc: return interpolated('\0');
    case Mode::kNowdoc: return nowdoc();
    case Mode::kEndHeredoc: return end_heredoc();
    case Mode::kVarName: return var_name();
    case Mode::kVarOffset: return var_offset();
  }
}

void Lexer::scripting() {
  const char* p = pos_;
  Token* out = out_;
  // After __halt_compiler the three tokens that end the script must be told apart one by one.
  Token* const limit = halt_tokens_ > 0 ? out : limit_;
  while (p < end_ && out <= limit) {
    const char* token_end = p + 1;
    TokenKind kind = TokenKind::Char;
    bool is_plain = true;
    switch (kLead[static_cast<unsigned char>(*p)]) {
      case Lead::kBlank:
        kind = TokenKind::Whitespace;
        token_end = scan::blank_end(token_end, end_);
        if (!keeps_trivia_) {
          p = token_end;
          continue;
        }
        break;
      case Lead::kSingle:
        break;
      case Lead::kDollar:
        if (scan::is(scan::peek(token_end, end_), scan::kLabelStart)) {
          kind = TokenKind::Variable;
          token_end = scan::label_end(token_end + 1, end_);
        }
        break;
      case Lead::kWord:
        token_end = scan::label_end(token_end, end_);
        kind = keyword_kind({p, token_end});
        is_plain = scan::peek(token_end, end_) != '\\' && !needs_context(kind) &&
                   token_end - p > 1;
        break;
      case Lead::kConstruct:
        is_plain = false;
        break;
    }
    if (is_plain) {
      *out++ = {kind, offset(p), offset(token_end)};
      const bool is_end = stops_at_statement_ && *p == ';';
      p = token_end;
      if (is_end) break;
      continue;
    }
    pos_ = p;
    out_ = out;
    construct();
    p = pos_;
    out = out_;
    if (mode_ != Mode::kScripting || halt_tokens_ > 0) break;
  }
  pos_ = p;
  out_ = out;
}

void Lexer::cut_after_halt(Token* first_new) {
  for (Token* token = first_new; token != out_ && halt_tokens_ > 0; ++token) {
    using enum TokenKind;
    if (token->kind == Whitespace || token->kind == OpenTag || token->kind == Comment ||
        token->kind == DocComment) {
      continue;
    }
    if (--halt_tokens_ > 0) continue;
    out_ = token + 1;
    pos_ = begin_ + token->end;
    if (pos_ < end_) emit(InlineHtml, end_);
  }
}

void lex(std::string_view source, const LexOptions& options, std::vector<Token>& tokens) {
  tokens.clear();
  Lexer lexer(source, options);
  std::array<Token, 1024> portion;
  while (const std::size_t count = lexer.next(portion)) {
    tokens.insert(tokens.end(), portion.begin(), portion.begin() + count);
  }
}

}  // namespace backscan::php

// The lexer is the judge: tokens of the file less those of the blocks must be the tokens of the rest.
#include "response/clean_block.h"

#include <re2/re2.h>

#include <algorithm>
#include <optional>

#include "php/token.h"

namespace backscan::response {
namespace {

using php::Token;
using php::TokenKind;

constexpr std::size_t kMaxBlocks = 1000;
const php::LexOptions kOptions{.short_tags = true, .asp_tags = false};

bool is_trivia(const Token& token) {
  return token.kind == TokenKind::Whitespace || token.kind == TokenKind::Comment ||
         token.kind == TokenKind::DocComment;
}

/// A token that stays the same kind of token when a part of it goes.
bool can_be_cut(const Token& token) {
  return token.kind == TokenKind::InlineHtml || token.kind == TokenKind::Whitespace;
}

/// What has to be the same before and after: kinds and texts; HTML in one piece, white space left out.
struct Element {
  TokenKind kind;
  std::string text;
  bool operator==(const Element&) const = default;
};

void add_element(std::vector<Element>& elements, TokenKind kind, std::string_view text) {
  if (kind == TokenKind::Whitespace || text.empty()) return;
  if (kind == TokenKind::InlineHtml && !elements.empty() && elements.back().kind == kind)
    elements.back().text += text;
  else
    elements.push_back({kind, std::string(text)});
}

std::vector<Element> elements_of(std::string_view content) {
  std::vector<Token> tokens;
  php::lex(content, kOptions, tokens);
  std::vector<Element> elements;
  for (const Token& token : tokens) add_element(elements, token.kind, token.text(content));
  return elements;
}

int depth_change(const Token& token, std::string_view content) {
  if (token.kind == TokenKind::CurlyOpen || token.kind == TokenKind::DollarOpenCurlyBraces) return 1;
  if (token.kind != TokenKind::Char || token.begin == token.end) return 0;
  const char c = content[token.begin];
  if (c == '(' || c == '[' || c == '{') return 1;
  return c == ')' || c == ']' || c == '}' ? -1 : 0;
}

/// True if a statement may begin after this token (null: the beginning of the file).
bool ends_statement(const Token* token, std::string_view content) {
  if (token == nullptr) return true;
  switch (token->kind) {
    case TokenKind::OpenTag:
    case TokenKind::CloseTag:
    case TokenKind::InlineHtml: return true;
    case TokenKind::Char: {
      const char c = content[token->begin];
      return c == ';' || c == '{' || c == '}' || c == ':';
    }
    default: return false;
  }
}

/// Goes through the tokens of the whole file, block by block.
class BlockCheck {
 public:
  BlockCheck(std::string_view content, const std::vector<Span>& blocks)
      : content_(content), blocks_(blocks) {}

  /// The elements outside of the blocks, or why the blocks cannot go.
  Result<std::vector<Element>> run() {
    std::vector<Token> tokens;
    php::lex(content_, kOptions, tokens);
    for (const Token& token : tokens)
      if (auto taken = take(token); !taken) return std::unexpected(taken.error());
    if (is_inside_ && !is_closed()) return std::unexpected(problem());
    return std::move(rest_);
  }

 private:
  Result<void> take(const Token& token) {
    const std::string kept = outside_blocks(token);
    if (kept.empty()) return take_inside(token);
    if (kept.size() != token.end - token.begin) {
      if (!can_be_cut(token))
        return std::unexpected(
            Error{{}, "the block cuts \"" + std::string(token.text(content_)) + "\""});
      if (is_inside_ && token.kind == TokenKind::InlineHtml) last_inside_ = token;
    }
    if (auto left = leave(token); !left) return left;
    add_element(rest_, token.kind, kept);
    return {};
  }
  /// What of a token no block covers.
  std::string outside_blocks(const Token& token) {
    while (next_ < blocks_.size() && blocks_[next_].end <= token.begin) ++next_;
    std::string kept;
    Offset at = token.begin;
    for (std::size_t i = next_; i < blocks_.size() && blocks_[i].begin < token.end; ++i) {
      if (blocks_[i].begin > at) kept += content_.substr(at, blocks_[i].begin - at);
      at = std::min(blocks_[i].end, token.end);
    }
    kept += content_.substr(at, token.end - at);
    return kept;
  }
  Result<void> take_inside(const Token& token) {
    if (!is_inside_) {
      if (!ends_statement(has_before_ ? &before_ : nullptr, content_))
        return std::unexpected(Error{{}, "the block does not begin where a statement begins"});
      is_inside_ = true;
      depth_ = 0;
      last_inside_.reset();
    }
    depth_ += depth_change(token, content_);
    if (depth_ < 0) return std::unexpected(Error{{}, "the block closes a bracket that it did not open"});
    if (!is_trivia(token)) last_inside_ = token;
    return {};
  }
  Result<void> leave(const Token& token) {
    if (is_inside_) {
      if (!is_closed()) return std::unexpected(problem());
      is_inside_ = false;
    }
    if (!is_trivia(token)) {
      before_ = token;
      has_before_ = true;
    }
    return {};
  }
  [[nodiscard]] bool is_closed() const {
    return depth_ == 0 && (!last_inside_ || ends_statement(&*last_inside_, content_));
  }
  [[nodiscard]] Error problem() const {
    return {{}, depth_ != 0 ? "the block leaves a bracket open"
                            : "the block does not end where a statement ends"};
  }

  std::string_view content_;
  const std::vector<Span>& blocks_;
  std::size_t next_ = 0;
  std::vector<Element> rest_;
  bool is_inside_ = false;
  int depth_ = 0;
  std::optional<Token> last_inside_;
  Token before_;
  bool has_before_ = false;
};

bool says_something(const Element& element) {
  return element.kind != TokenKind::OpenTag && element.kind != TokenKind::CloseTag &&
         element.kind != TokenKind::Comment && element.kind != TokenKind::DocComment &&
         element.text.find_first_not_of(" \t\r\n") != std::string::npos;
}

}  // namespace

std::vector<Span> find_blocks(std::string_view content, const re2::RE2& block) {
  std::vector<Span> blocks;
  std::size_t at = 0;
  re2::StringPiece groups[2];
  const int wanted = block.NumberOfCapturingGroups() > 0 ? 2 : 1;
  const re2::StringPiece text(content.data(), content.size());
  while (at <= content.size() && blocks.size() < kMaxBlocks &&
         block.Match(text, at, content.size(), re2::RE2::UNANCHORED, groups, wanted)) {
    const re2::StringPiece& found = groups[wanted - 1].data() != nullptr ? groups[wanted - 1] : groups[0];
    const auto begin = static_cast<std::size_t>(found.data() - content.data());
    const std::size_t end = begin + found.size();
    if (end > begin) blocks.push_back({static_cast<Offset>(begin), static_cast<Offset>(end)});
    const auto match_end =
        static_cast<std::size_t>(groups[0].data() - content.data()) + groups[0].size();
    at = std::max(match_end, at + 1);
  }
  return blocks;
}

Result<std::string> without_blocks(std::string_view content, const std::vector<Span>& blocks) {
  if (blocks.empty()) return std::unexpected(Error{{}, "the block is not to be found in it"});
  auto expected = BlockCheck(content, blocks).run();
  if (!expected) return std::unexpected(expected.error());
  if (std::ranges::none_of(*expected, says_something))
    return std::unexpected(Error{{}, "nothing but the block is in it: quarantine it"});
  std::string rest;
  std::size_t at = 0;
  for (const Span& block : blocks) {
    rest += content.substr(at, block.begin - at);
    at = block.end;
  }
  rest += content.substr(at);
  // Where white space stood only inside the block, two words could have become one.
  if (elements_of(rest) != *expected)
    return std::unexpected(Error{{}, "the rest would not be the same program without it"});
  return rest;
}

}  // namespace backscan::response

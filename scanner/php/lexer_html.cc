// Inline HTML and the tags that leave it. Its own file because which tags open PHP is a question of
// the server's settings and age, not of the language.
#include <algorithm>

#include "base/text.h"
#include "php/lexer.h"
#include "php/lexer_scan.h"

namespace backscan::php {

using enum TokenKind;

namespace {

constexpr std::string_view kScriptClose = "</script";

/// First `</script` (any case) at or after `p`, or `end`.
const char* find_script_close(const char* p, const char* end) {
  for (p = scan::find_pair<'<', '/'>(p, end); p != end; p = scan::find_pair<'<', '/'>(p + 2, end)) {
    const std::string_view rest(p, end);
    if (equals_ignoring_case(rest.substr(0, kScriptClose.size()), kScriptClose)) return p;
  }
  return end;
}

/// End of the word `expected` (any case) at `p`, or null.
const char* match_word(const char* p, const char* end, std::string_view expected) {
  const std::string_view rest(p, end);
  if (!equals_ignoring_case(rest.substr(0, expected.size()), expected)) return nullptr;
  return p + expected.size();
}

}  // namespace

void Lexer::html() {
  const Opening tag = find_open_tag(pos_);
  if (tag.begin != pos_) emit(InlineHtml, tag.begin);
  if (pos_ == end_) return;
  emit(tag.kind, tag.length);
  mode_ = Mode::kScripting;
  block_ = tag.block;
}

/// The first tag at or after `from` that opens PHP; begins at end_ if there is none.
Lexer::Opening Lexer::find_open_tag(const char* from) {
  const char* p = from;
  while (true) {
    p = options_.asp_tags ? scan::find_pair<'<', '?', '%', 's', 'S'>(p, end_)
                          : scan::find_pair<'<', '?'>(p, end_);
    if (p == end_) return {.begin = end_};
    Opening tag;
    if (p[1] == '?') {
      tag = question_tag(p);
    } else if (p[1] == '%') {
      tag = asp_tag(p);
    } else {
      tag = script_tag(p);
    }
    if (tag.length != 0) return tag;
    ++p;
  }
}

Lexer::Opening Lexer::question_tag(const char* p) const {
  if (scan::peek(p + 2, end_) == '=') return {p, 3, OpenTagWithEcho, Block::kPhp};
  if (const char* const after = match_word(p + 2, end_, "php")) {
    if (after == end_) return {p, 5, OpenTag, Block::kPhp};
    if (*after == '\r' && scan::peek(after + 1, end_) == '\n') return {p, 7, OpenTag, Block::kPhp};
    if (scan::is(*after, scan::kBlank)) return {p, 6, OpenTag, Block::kPhp};
  }
  if (options_.short_tags) return {p, 2, OpenTag, Block::kPhp};
  return {};
}

/// `<%` and `<%=` open PHP below 7 only, and templates of other languages are full of them: a block
/// counts as PHP only if it closes before the next `<?`. Otherwise a stray `<% '` in front of real
/// PHP would hide it.
Lexer::Opening Lexer::asp_tag(const char* p) {
  if (!is_closed_before_question_tag(p + 2, Block::kAsp)) return {};
  if (scan::peek(p + 2, end_) == '=') return {p, 3, OpenTagWithEcho, Block::kAsp};
  return {p, 2, OpenTag, Block::kAsp};
}

/// `<script language="php">`, any case and quoting.
Lexer::Opening Lexer::script_tag(const char* p) {
  const char* q = match_word(p, end_, "<script");
  if (q == nullptr || !scan::is(scan::peek(q, end_), scan::kBlank)) return {};
  q = match_word(scan::blank_end(q, end_), end_, "language");
  if (q == nullptr) return {};
  q = scan::blank_end(q, end_);
  if (scan::peek(q, end_) != '=') return {};
  q = scan::blank_end(q + 1, end_);
  const char quote = scan::peek(q, end_);
  const bool is_quoted = quote == '"' || quote == '\'';
  if (is_quoted) ++q;
  q = match_word(q, end_, "php");
  if (q == nullptr || (is_quoted && scan::peek(q, end_) != quote)) return {};
  if (is_quoted) ++q;
  q = scan::blank_end(q, end_);
  if (scan::peek(q, end_) != '>') return {};
  ++q;
  if (!is_closed_before_question_tag(q, Block::kScript)) return {};
  return {p, static_cast<std::size_t>(q - p), OpenTag, Block::kScript};
}

/// A script block may also stay open to the end of the file, if no other PHP follows.
bool Lexer::is_closed_before_question_tag(const char* p, Block block) {
  const auto refresh = [&](const char*& known, auto find) {
    if (known == nullptr || known < p) known = find(p, end_);
    return known;
  };
  const char* const question = refresh(next_question_tag_, scan::find_pair<'<', '?'>);
  if (block == Block::kScript) return refresh(next_script_close_, find_script_close) <= question;
  const char* const close = refresh(next_asp_close_, scan::find_pair<'%', '>'>);
  return close != end_ && close < question;
}

bool Lexer::script_close_tag() {
  const char* close = match_word(pos_, end_, kScriptClose);
  if (close == nullptr) return false;
  close = scan::blank_end(close, end_);
  if (scan::peek(close, end_) != '>') return false;
  close_tag(static_cast<std::size_t>(close + 1 - pos_));
  return true;
}

}  // namespace backscan::php

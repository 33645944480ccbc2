// Strings, heredocs and what stands inside them. Its own file because quoting is a language of its
// own: here blanks are text, and `$name[0]` follows other rules than outside.
#include <cstring>

#include "php/lexer.h"
#include "php/lexer_scan.h"

namespace backscan::php {

using enum TokenKind;

namespace {

/// True where `p` (at '$' or '{') begins a variable inside a string.
bool begins_variable(const char* p, const char* end) {
  const char second = scan::peek(p + 1, end);
  if (*p == '{') return second == '$';
  return second == '{' || scan::is(second, scan::kLabelStart);
}

/// End of the literal run at `p`: at `quote`, at a variable, or `end`.
template <char quote>
const char* literal_end(const char* p, const char* end) {
  while (true) {
    p = scan::find_any<quote, '\\', '$', '{'>(p, end);
    if (p == end || *p == quote) return p;
    if (*p == '\\') {
      p += end - p > 1 ? 2 : 1;
    } else if (begins_variable(p, end)) {
      return p;
    } else {
      ++p;
    }
  }
}

}  // namespace

/// `quote` is behind the `b` prefix, if there is one; pos_ is at the prefix.
void Lexer::single_quoted(const char* quote) {
  const char* p = quote + 1;
  while (true) {
    p = scan::find_any<'\'', '\\'>(p, end_);
    if (p == end_) return emit(EncapsedAndWhitespace, end_);
    if (*p == '\'') return emit(ConstantEncapsedString, p + 1);
    p += end_ - p > 1 ? 2 : 1;
  }
}

void Lexer::double_quoted(const char* quote) {
  const char* const stop = literal_end<'"'>(quote + 1, end_);
  if (stop != end_ && *stop == '"') return emit(ConstantEncapsedString, stop + 1);
  emit(Char, quote + 1);
  if (stop != pos_) emit(EncapsedAndWhitespace, stop);
  mode_ = Mode::kDoubleQuotes;
}

/// Inside "…", `…` or a heredoc (`quote` is NUL).
void Lexer::interpolated(char quote) {
  const char c = *pos_;
  if (quote != '\0' && c == quote) {
    emit(Char, 1);
    mode_ = Mode::kScripting;
    return;
  }
  if ((c == '$' || c == '{') && begins_variable(pos_, end_)) {
    if (c == '{') {
      emit(CurlyOpen, 1);
      return push(Mode::kScripting);
    }
    if (ahead(1) == '{') {
      emit(DollarOpenCurlyBraces, 2);
      return push(Mode::kVarName);
    }
    emit(Variable, scan::label_end(pos_ + 1, end_));
    if (ahead(0) == '[') return push(Mode::kVarOffset);
    const std::size_t arrow = ahead(0) == '?' ? 1 : 0;
    if (ahead(arrow) == '-' && ahead(arrow + 1) == '>' &&
        scan::is(ahead(arrow + 2), scan::kLabelStart)) {
      push(Mode::kProperty);
    }
    return;
  }
  if (quote == '"') return emit(EncapsedAndWhitespace, literal_end<'"'>(pos_, end_));
  if (quote == '`') return emit(EncapsedAndWhitespace, literal_end<'`'>(pos_, end_));
  emit(EncapsedAndWhitespace, heredoc_text_end(pos_, false));
}

/// After `${`: a name directly before `[` or `}` is the variable's, anything else an expression.
void Lexer::var_name() {
  mode_ = Mode::kScripting;
  if (!scan::is(*pos_, scan::kLabelStart)) return;
  const char* const name_end = scan::label_end(pos_, end_);
  const char after = scan::peek(name_end, end_);
  if (after == '[' || after == '}') emit(StringVarname, name_end);
}

/// The subscript of `"$name[…]"`, which knows only a name, a number or a variable.
void Lexer::var_offset() {
  const char c = *pos_;
  if (scan::is(c, scan::kDigit)) return emit(NumString, integer_end(pos_, end_));
  if (scan::is(c, scan::kLabelStart)) return emit(String, scan::label_end(pos_, end_));
  if (c == '$' && scan::is(ahead(1), scan::kLabelStart)) {
    return emit(Variable, scan::label_end(pos_ + 1, end_));
  }
  switch (c) {
    case ']':
      emit(Char, 1);
      return pop();
    case ' ': case '\n': case '\r': case '\t': case '\\': case '\'': case '#':
      // PHP gives up on the subscript here and says so with an empty token.
      emit(EncapsedAndWhitespace, std::size_t{0});
      return pop();
    default:
      emit(static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? BadCharacter : Char, 1);
  }
}

/// True and consumed if `<<<` at `arrows` opens a heredoc; pos_ may be at a `b` before it.
bool Lexer::heredoc(const char* arrows) {
  if (!std::string_view(arrows, end_).starts_with("<<<")) return false;
  const char* p = scan::indent_end(arrows + 3, end_);
  const char quote = scan::peek(p, end_);
  const bool is_quoted = quote == '\'' || quote == '"';
  if (is_quoted) ++p;
  if (!scan::is(scan::peek(p, end_), scan::kLabelStart)) return false;
  const std::string_view name(p, scan::label_end(p, end_));
  p += name.size();
  if (is_quoted && scan::peek(p, end_) != quote) return false;
  if (is_quoted) ++p;
  const char line_break = scan::peek(p, end_);
  if (line_break != '\n' && line_break != '\r') return false;
  ++p;
  if (line_break == '\r' && scan::peek(p, end_) == '\n') ++p;

  emit(StartHeredoc, p);
  heredocs_.push_back({name, 0});
  mode_ = quote == '\'' ? Mode::kNowdoc : Mode::kHeredoc;
  const char* const first = scan::indent_end(pos_, end_);
  if (label_ends_heredoc(first)) {
    heredocs_.back().indent_bytes = static_cast<std::uint32_t>(first - pos_);
    mode_ = Mode::kEndHeredoc;
  }
  return true;
}

/// PHP wants one more byte behind the label: at the very end of a file it is text.
bool Lexer::label_ends_heredoc(const char* p) const {
  const std::string_view name = heredocs_.back().name;
  const auto left = static_cast<std::size_t>(end_ - p);
  return name.size() < left && std::memcmp(p, name.data(), name.size()) == 0 &&
         !scan::is(p[name.size()], scan::kLabelByte);
}

/// End of the text at `p`: at a variable, behind the line break before the closing label (the mode
/// then says so), or the end of the source.
const char* Lexer::heredoc_text_end(const char* p, bool is_nowdoc) {
  while (true) {
    p = is_nowdoc ? scan::find_any<'\n', '\r'>(p, end_)
                  : scan::find_any<'\n', '\r', '$', '{', '\\'>(p, end_);
    if (p == end_) return end_;
    const char c = *p;
    if (c == '$' || c == '{') {
      if (begins_variable(p, end_)) return p;
      ++p;
    } else if (c == '\\') {
      ++p;
      const char escaped = scan::peek(p, end_);
      if (p < end_ && escaped != '\n' && escaped != '\r') ++p;
    } else {
      ++p;
      if (c == '\r' && scan::peek(p, end_) == '\n') ++p;
      const char* const line = p;
      p = scan::indent_end(p, end_);
      if (!label_ends_heredoc(p)) continue;
      heredocs_.back().indent_bytes = static_cast<std::uint32_t>(p - line);
      mode_ = Mode::kEndHeredoc;
      return line;
    }
  }
}

void Lexer::nowdoc() { emit(EncapsedAndWhitespace, heredoc_text_end(pos_, true)); }

void Lexer::end_heredoc() {
  const HeredocLabel label = heredocs_.back();
  heredocs_.pop_back();
  emit(EndHeredoc, label.indent_bytes + label.name.size());
  mode_ = Mode::kScripting;
}

}  // namespace backscan::php

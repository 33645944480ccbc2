// The constructs between `<?php` and `?>` that need more than one look: operators, comments, casts,
// qualified names. Apart from lexer.cc so that the hot loop there stays small enough to read.
#include <algorithm>

#include "base/text.h"
#include "php/lexer.h"
#include "php/lexer_keywords.h"
#include "php/lexer_scan.h"

namespace backscan::php {

using enum TokenKind;

void Lexer::construct() {
  const char c = *pos_;
  switch (c) {
    case '\'': return single_quoted(pos_);
    case '"': return double_quoted(pos_);
    case '`':
      emit(Char, 1);
      mode_ = Mode::kBackquote;
      return;
    case '{':
      emit(Char, 1);
      return push(Mode::kScripting);
    case '}':
      emit(Char, 1);
      return pop();
    case '(': return parenthesis();
    case '/': return slash();
    case '#': return hash();
    case '\\': return backslash();
    case '<': return less_than();
    case '?': return question_mark();
    case '%': return percent();
    case '&': return ampersand();
    case '-':
      if (ahead(1) == '>') return object_operator(2, ObjectOperator);
      return operator_at();
    case '.':
      if (scan::is(ahead(1), scan::kDigit)) return number();
      return operator_at();
    case '=': case '+': case '*': case '!': case '|': case '^': case '>': case ':':
      return operator_at();
    default:
      if (scan::is(c, scan::kDigit)) return number();
      if (scan::is(c, scan::kLabelStart)) return word();
      emit(BadCharacter, 1);
  }
}

void Lexer::word() {
  const char* const word_end = scan::label_end(pos_, end_);
  const auto length = static_cast<std::size_t>(word_end - pos_);
  if (length == 1 && ascii_lower(*pos_) == 'b') {
    if (ahead(1) == '\'') return single_quoted(pos_ + 1);
    if (ahead(1) == '"') return double_quoted(pos_ + 1);
    if (ahead(1) == '<' && heredoc(pos_ + 1)) return;
  }
  TokenKind kind = keyword_kind({pos_, length});
  if (scan::peek(word_end, end_) == '\\') {
    return qualified_name(word_end, kind == Namespace ? NameRelative : NameQualified);
  }
  const char* const after_blanks = scan::blank_end(word_end, end_);
  if (kind == Enum) {
    // A declaration only before a name; `enum extends` and `enum implements` name a class "enum".
    const char* const next_end = scan::label_end(after_blanks, end_);
    const std::string_view next(after_blanks, static_cast<std::size_t>(next_end - after_blanks));
    const bool is_declaration =
        after_blanks != word_end && !next.empty() && scan::is(next[0], scan::kLabelStart) &&
        !equals_ignoring_case(next.substr(0, 7), "extends") &&
        !equals_ignoring_case(next.substr(0, 10), "implements");
    if (!is_declaration) kind = String;
  } else if (kind == Yield && after_blanks != word_end) {
    const char* const from_end = scan::label_end(after_blanks, end_);
    if (equals_ignoring_case({after_blanks, from_end}, "from")) return emit(YieldFrom, from_end);
  }
  if (kind == HaltCompiler) halt_tokens_ = 3;
  emit(kind, length);
}

void Lexer::qualified_name(const char* first_end, TokenKind kind) {
  const char* name_end = first_end;
  while (scan::peek(name_end, end_) == '\\' &&
         scan::is(scan::peek(name_end + 1, end_), scan::kLabelStart)) {
    name_end = scan::label_end(name_end + 1, end_);
  }
  if (name_end == first_end) {
    kind = keyword_kind({pos_, first_end});
    if (kind == Enum) kind = String;
  }
  if (kind == HaltCompiler) halt_tokens_ = 3;
  emit(kind, name_end);
}

void Lexer::backslash() {
  if (!scan::is(ahead(1), scan::kLabelStart)) return emit(NsSeparator, 1);
  qualified_name(pos_, NameFullyQualified);
}

namespace {

constexpr std::uint32_t spelled(char a, char b, char c = '\0') {
  return static_cast<std::uint32_t>(static_cast<unsigned char>(a)) |
         static_cast<std::uint32_t>(static_cast<unsigned char>(b)) << 8U |
         static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 16U;
}

/// Kind of a three-byte operator, Char where there is none.
TokenKind three_byte_operator(std::uint32_t bytes) {
  switch (bytes) {
    case spelled('=', '=', '='): return IsIdentical;
    case spelled('!', '=', '='): return IsNotIdentical;
    case spelled('<', '=', '>'): return Spaceship;
    case spelled('*', '*', '='): return PowEqual;
    case spelled('<', '<', '='): return SlEqual;
    case spelled('>', '>', '='): return SrEqual;
    case spelled('?', '?', '='): return CoalesceEqual;
    case spelled('.', '.', '.'): return Ellipsis;
    default: return Char;
  }
}

TokenKind two_byte_operator(std::uint32_t bytes) {
  switch (bytes) {
    case spelled('=', '>'): return DoubleArrow;
    case spelled('=', '='): return IsEqual;
    case spelled('.', '='): return ConcatEqual;
    case spelled(':', ':'): return PaamayimNekudotayim;
    case spelled('!', '='): return IsNotEqual;
    case spelled('<', '>'): return IsNotEqual;
    case spelled('<', '='): return IsSmallerOrEqual;
    case spelled('>', '='): return IsGreaterOrEqual;
    case spelled('+', '='): return PlusEqual;
    case spelled('-', '='): return MinusEqual;
    case spelled('*', '='): return MulEqual;
    case spelled('/', '='): return DivEqual;
    case spelled('%', '='): return ModEqual;
    case spelled('&', '='): return AndEqual;
    case spelled('|', '='): return OrEqual;
    case spelled('^', '='): return XorEqual;
    case spelled('+', '+'): return Inc;
    case spelled('-', '-'): return Dec;
    case spelled('*', '*'): return Pow;
    case spelled('|', '|'): return BooleanOr;
    case spelled('&', '&'): return BooleanAnd;
    case spelled('<', '<'): return Sl;
    case spelled('>', '>'): return Sr;
    case spelled('?', '?'): return Coalesce;
    default: return Char;
  }
}

}  // namespace

void Lexer::operator_at() {
  const char second = ahead(1);
  if (second == '\0') return emit(Char, 1);
  TokenKind kind = three_byte_operator(spelled(*pos_, second, ahead(2)));
  if (kind != Char) return emit(kind, 3);
  kind = two_byte_operator(spelled(*pos_, second));
  emit(kind, kind == Char ? 1 : 2);
}

void Lexer::object_operator(std::size_t length, TokenKind kind) {
  emit(kind, length);
  if (scan::is(ahead(0), scan::kLabelStart)) {
    emit(String, scan::label_end(pos_, end_));
  } else {
    push(Mode::kProperty);
  }
}

/// After `->`, blanks and comments: the next word is a name whatever it spells.
void Lexer::property() {
  const char c = *pos_;
  if (scan::is(c, scan::kBlank)) return emit_trivia(Whitespace, scan::blank_end(pos_, end_));
  if (c == '-' && ahead(1) == '>') return emit(ObjectOperator, 2);
  if (c == '?' && ahead(1) == '-' && ahead(2) == '>') return emit(NullsafeObjectOperator, 3);
  if (c == '/' && (ahead(1) == '/' || ahead(1) == '*')) return slash();
  if (c == '#') return line_comment(pos_ + 1);
  if (scan::is(c, scan::kLabelStart)) emit(String, scan::label_end(pos_, end_));
  pop();
}

void Lexer::ampersand() {
  if (ahead(1) == '&' || ahead(1) == '=') return operator_at();
  const char* const next = scan::blank_end(pos_ + 1, end_);
  const bool is_by_ref = scan::peek(next, end_) == '$' ||
                         std::string_view(next, end_).starts_with("...");
  emit(is_by_ref ? AmpersandFollowedByVarOrVararg : AmpersandNotFollowedByVarOrVararg, 1);
}

void Lexer::less_than() {
  if (ahead(1) == '<' && ahead(2) == '<' && heredoc(pos_)) return;
  if (block_ == Block::kScript && ahead(1) == '/' && script_close_tag()) return;
  operator_at();
}

void Lexer::parenthesis() {
  static constexpr std::pair<std::string_view, TokenKind> kCasts[] = {
      {"int", IntCast},       {"integer", IntCast},   {"string", StringCast},
      {"binary", StringCast}, {"array", ArrayCast},   {"bool", BoolCast},
      {"boolean", BoolCast},  {"float", DoubleCast},  {"double", DoubleCast},
      {"real", DoubleCast},   {"object", ObjectCast}, {"unset", UnsetCast},
  };
  const char* const type = scan::indent_end(pos_ + 1, end_);
  if (!scan::is(scan::peek(type, end_), scan::kLabelStart)) return emit(Char, 1);
  const char* const type_end = scan::label_end(type, end_);
  const char* const close = scan::indent_end(type_end, end_);
  if (scan::peek(close, end_) != ')') return emit(Char, 1);
  const std::string_view name(type, type_end);
  for (const auto& [spelling, kind] : kCasts) {
    if (equals_ignoring_case(name, spelling)) return emit(kind, close + 1);
  }
  emit(Char, 1);
}

void Lexer::slash() {
  if (ahead(1) == '/') return line_comment(pos_ + 2);
  if (ahead(1) != '*') return operator_at();
  const bool is_doc = ahead(2) == '*' && scan::is(ahead(3), scan::kBlank);
  const char* const close = scan::find_pair<'*', '/'>(pos_ + 2, end_);
  emit_trivia(is_doc ? DocComment : Comment, std::min(close, end_ - 2) + 2);
}

void Lexer::skip_comment() {
  if (*pos_ == '#') return line_comment(pos_ + 1);
  slash();
}

void Lexer::hash() {
  if (ahead(1) == '[') return emit(Attribute, 2);
  line_comment(pos_ + 1);
}

/// Up to the line's end or the tag that closes the block, neither of which is part of the comment.
void Lexer::line_comment(const char* body) {
  const char* p = body;
  while (true) {
    p = scan::find_any<'\n', '\r', '?', '%'>(p, end_);
    if (p == end_ || *p == '\n' || *p == '\r') break;
    const bool may_close = *p == '?' || block_ == Block::kAsp;
    if (may_close && scan::peek(p + 1, end_) == '>') break;
    ++p;
  }
  emit_trivia(Comment, p);
}

void Lexer::question_mark() {
  if (ahead(1) == '>') return close_tag(2);
  if (ahead(1) == '-' && ahead(2) == '>') return object_operator(3, NullsafeObjectOperator);
  operator_at();
}

void Lexer::percent() {
  if (block_ == Block::kAsp && ahead(1) == '>') return close_tag(2);
  operator_at();
}

void Lexer::close_tag(std::size_t length) {
  const char* tag_end = pos_ + length;
  if (scan::peek(tag_end, end_) == '\r') ++tag_end;
  if (scan::peek(tag_end, end_) == '\n') ++tag_end;
  emit(CloseTag, tag_end);
  mode_ = Mode::kHtml;
}

}  // namespace backscan::php

// The code view straight from bytes, where they mean what they spell: most of a program. What may
// be a cut string, a computed name or a joined constant is left to tokens (code_view.cc), and so is
// whatever opens another mode of the lexer. Its own file because it is the loop that a scan spends
// its time in.
#include <array>

#include "base/text.h"
#include "php/lexer_scan.h"
#include "php/view_builder.h"

namespace backscan::php {
namespace {

enum class Lead : std::uint8_t {
  kTokens,
  kBlank,
  kWord,
  kVariable,
  kDigit,
  kCopy,
  kLineEnd,
  kDrop,
  kSingle,
  kDouble,
  kSlash,
  kHash,
  kParenthesis,
  kOpenBrace,
  kCloseBrace,
  kLess,
  kQuestion,
  kDot,
  kMinus,
  kBackslash,
};

constexpr std::array<Lead, 256> kLeads = [] {
  std::array<Lead, 256> leads{};
  for (std::size_t c = 0; c < 256; ++c) {
    if ((scan::kByteClass[c] & scan::kBlank) != 0) leads[c] = Lead::kBlank;
    if ((scan::kByteClass[c] & scan::kDigit) != 0) leads[c] = Lead::kDigit;
    if ((scan::kByteClass[c] & scan::kLabelStart) != 0) leads[c] = Lead::kWord;
  }
  const auto set = [&](char c, Lead lead) { leads[static_cast<unsigned char>(c)] = lead; };
  for (const char c : {')', '[', ']', '~', '=', '+', '*', '!', '|', '^', '>', ':', '&', '%'})
    set(c, Lead::kCopy);
  for (const char c : {';', ','}) set(c, Lead::kLineEnd);
  set('@', Lead::kDrop);
  set('$', Lead::kVariable);
  set('\'', Lead::kSingle);
  set('"', Lead::kDouble);
  set('/', Lead::kSlash);
  set('#', Lead::kHash);
  set('(', Lead::kParenthesis);
  set('{', Lead::kOpenBrace);
  set('}', Lead::kCloseBrace);
  set('<', Lead::kLess);
  set('?', Lead::kQuestion);
  set('.', Lead::kDot);
  set('-', Lead::kMinus);
  set('\\', Lead::kBackslash);
  return leads;
}();

bool is_chr(const char* p, const char* end) {
  return end - p >= 3 && (p[0] | 0x20) == 'c' && (p[1] | 0x20) == 'h' && (p[2] | 0x20) == 'r' &&
         !scan::is(scan::peek(p + 3, end), scan::kLabelByte);
}

}  // namespace

void ViewBuilder::plain(Lexer& lexer) {
  const char* p = lexer.position();
  while (p < end_) {
    const char* next = p;
    switch (kLeads[static_cast<unsigned char>(*p)]) {
      case Lead::kTokens:
        break;
      case Lead::kBlank:
        p = scan::blank_end(p + 1, end_);
        continue;
      case Lead::kWord:
        next = plain_word(p);
        if (next < end_ && *next == '(' && next != p) {  // a call: no group of constants
          code_.copy_byte(next);
          ++next;
        }
        break;
      case Lead::kVariable: {
        const char after = scan::peek(p + 1, end_);
        if (scan::is(after, scan::kLabelStart)) {
          next = scan::label_end(p + 2, end_);
          code_.copy({p, next});
          while (end_ - next > 2 && next[0] == '-' && next[1] == '>' &&
                 scan::is(next[2], scan::kLabelStart)) {
            const char* const arrow = next;
            next = scan::label_end(arrow + 3, end_);
            code_.copy_lower({arrow, next});
          }
        } else if (after == '$') {
          code_.copy_byte(p);
          next = p + 1;
        }
        break;
      }
      case Lead::kDigit:
        next = plain_number(p);
        break;
      case Lead::kDot:
        if (scan::peek(p + 1, end_) == '.' && scan::peek(p + 2, end_) == '.') {
          next = p + 3;  // the last of `...5` begins no number
          code_.copy({p, next});
          break;
        }
        if (scan::is(scan::peek(p + 1, end_), scan::kDigit)) break;
        [[fallthrough]];
      case Lead::kCopy:
        code_.copy_byte(p);
        next = p + 1;
        break;
      case Lead::kLineEnd:
        code_.copy_byte(p);
        p = scan::blank_end(p + 1, end_);
        continue;
      case Lead::kDrop:
        ++p;
        continue;
      case Lead::kSingle:
        next = plain_string<'\''>(p);
        break;
      case Lead::kDouble:
        next = plain_string<'"'>(p);
        break;
      case Lead::kSlash: {
        const char after = scan::peek(p + 1, end_);
        if (after == '/' || after == '*') {
          lexer.move_to(p);
          lexer.skip_comment();
          p = lexer.position();
          continue;
        }
        code_.copy_byte(p);
        next = p + 1;
        break;
      }
      case Lead::kHash:
        if (scan::peek(p + 1, end_) != '[') {
          lexer.move_to(p);
          lexer.skip_comment();
          p = lexer.position();
          continue;
        }
        code_.copy({p, 2});
        next = p + 2;
        break;
      case Lead::kParenthesis:
        if (may_open_group(p)) break;
        code_.copy_byte(p);
        next = p + 1;
        break;
      case Lead::kOpenBrace:
        if (code_.ends_with("->") || code_.ends_with("::")) break;
        code_.copy_byte(p);
        lexer.open_brace();
        p = scan::blank_end(p + 1, end_);
        continue;
      case Lead::kCloseBrace:
        code_.copy_byte(p);
        lexer.close_brace();
        if (!lexer.is_in_program())
          return lexer.move_to(p + 1);  // back in a string: blanks are text
        p = scan::blank_end(p + 1, end_);
        continue;
      case Lead::kLess:
        if (scan::peek(p + 1, end_) == '<') break;
        code_.copy_byte(p);
        next = p + 1;
        break;
      case Lead::kQuestion: {
        const char after = scan::peek(p + 1, end_);
        if (after == '>' || after == '-') break;
        next = p + (after == '?' ? 2 : 1);  // the end of `??>` closes nothing
        code_.copy({p, next});
        break;
      }
      case Lead::kMinus:
        next = plain_arrow(p);
        break;
      case Lead::kBackslash:
        next = plain_name(p);
        break;
    }
    if (next == p) break;
    // Mostly one blank stands there, or none: without a branch, for nothing foretells it.
    p = next + (next < end_ && *next == ' ');
  }
  lexer.move_to(p);
}

/// A word, or the name of several parts that it begins.
const char* ViewBuilder::plain_word(const char* p) {
  const char* end = scan::label_end(p + 1, end_);
  const char after = scan::peek(end, end_);
  switch (end - p) {
    case 1:
      if ((*p | 0x20) == 'b' && (after == '\'' || after == '"' || after == '<')) return p;
      break;
    case 3:
      if (is_chr(p, end_)) return p;
      break;
    case 5:  // `yield from\name`
      if ((*p | 0x20) == 'y' && equals_ignoring_case({p, end}, "yield")) return p;
      break;
    case 15:  // __halt_compiler
      if (*p == '_') return p;
      break;
    default:
      break;
  }
  while (scan::peek(end, end_) == '\\' && scan::is(scan::peek(end + 1, end_), scan::kLabelStart)) {
    end = scan::label_end(end + 2, end_);
  }
  code_.copy_word({p, end});
  return end;
}

/// Digits, and digits behind a point.
const char* ViewBuilder::plain_number(const char* p) {
  const char* end = scan::skip_bytewise<scan::kDigit>(p, end_);
  if (scan::peek(end, end_) == '.' && scan::is(scan::peek(end + 1, end_), scan::kDigit))
    end = scan::skip_bytewise<scan::kDigit>(end + 1, end_);
  const char after = scan::peek(end, end_);
  if (after == '.' || scan::is(after, scan::kLabelByte)) return p;
  code_.copy_word({p, end});
  return end;
}

/// `\name`.
const char* ViewBuilder::plain_name(const char* p) {
  if (!scan::is(scan::peek(p + 1, end_), scan::kLabelStart) || is_chr(p + 1, end_)) return p;
  const char* end = p;
  while (scan::peek(end, end_) == '\\' && scan::is(scan::peek(end + 1, end_), scan::kLabelStart)) {
    end = scan::label_end(end + 2, end_);
  }
  if (end - p == 16) return p;  // \__halt_compiler
  fully_qualified({p, end});
  return end;
}

/// `->name`, or a minus; the second of `$i-->$n` begins no arrow.
const char* ViewBuilder::plain_arrow(const char* p) {
  const char after = scan::peek(p + 1, end_);
  if (after != '>') {
    const char* const end = p + (after == '-' ? 2 : 1);
    code_.copy({p, end});
    return end;
  }
  if (!scan::is(scan::peek(p + 2, end_), scan::kLabelStart)) return p;
  const char* const end = scan::label_end(p + 3, end_);
  code_.copy_lower({p, end});
  return end;
}

/// A constant that nothing is joined to.
template <char quote>
const char* ViewBuilder::plain_string(const char* p) {
  const char* end = p + 1;
  bool is_raw = true;
  while (true) {
    end = quote == '"' ? scan::find_any<'"', '\'', '\\', '$', '{'>(end, end_)
                       : scan::find_any<'\'', '\\'>(end, end_);
    if (end == end_) return p;
    if (*end == quote) break;
    is_raw &= *end == '$' || *end == '{';
    const char after = scan::peek(end + 1, end_);
    if (*end == '$' && (after == '{' || scan::is(after, scan::kLabelStart))) return p;
    if (*end == '{' && after == '$') return p;
    end += *end == '\\' && end_ - end > 1 ? 2 : 1;
  }
  if (may_go_on(end + 1)) return p;
  const std::string_view inside(p + 1, end);
  if (is_raw && !inside.empty()) {
    code_.put('\'');
    code_.copy(inside);
    code_.put('\'');
    text_.copy(inside);
    text_.put('\n');
    return end + 1;
  }
  open_constant();
  append_value(inside, quote == '"' ? Quoting::kDouble : Quoting::kSingle);
  close_constant();
  return end + 1;
}

/// What stands behind a constant may be joined to it or call it.
bool ViewBuilder::may_go_on(const char* behind_string) const {
  const char* p = scan::blank_end(behind_string, end_);
  switch (scan::peek(p, end_)) {
    case '(':
    case '/':
    case '#':
      return true;
    case '.':
      return may_begin_constant(p + 1);
    default:
      return false;
  }
}

/// A string, chr() or a group of them; comments are not looked into.
bool ViewBuilder::may_begin_constant(const char* p) const {
  while (true) {
    p = scan::blank_end(p, end_);
    if (scan::peek(p, end_) != '(') break;
    ++p;
  }
  const char after = scan::peek(p + 1, end_);
  switch (scan::peek(p, end_)) {
    case '\'':
    case '"':
    case '/':
    case '#':
      return true;
    case '<':
      return after == '<';
    case 'b':
    case 'B':
      return after == '\'' || after == '"' || after == '<';
    case 'c':
    case 'C':
      return is_chr(p, end_);
    case '\\':
      return is_chr(p + 1, end_);
    case '.':
      return true;
    default:
      return p == end_;
  }
}

/// A parenthesis that calls nothing may hold one constant.
bool ViewBuilder::may_open_group(const char* parenthesis) const {
  const char before = code_.last();
  const bool is_call =
      code_.ends_in_word() || before == ')' || before == ']' || before == '}' || before == '\'';
  return !is_call && may_begin_constant(parenthesis + 1);
}

}  // namespace backscan::php

// The code view outside strings: one switch over token kinds for the common ones, and what braces,
// tags, casts and names need beyond copying.
#include <algorithm>
#include <array>
#include <initializer_list>

#include "php/view_builder.h"

namespace backscan::php {
namespace {

/// How a token gets into the code view. kChar: its byte decides.
enum class Way : std::uint8_t { kCopy, kWord, kChar, kDrop, kSpecial };

constexpr std::size_t kKinds = static_cast<std::size_t>(TokenKind::PaamayimNekudotayim) + 1;

constexpr std::array<Way, kKinds> kWays = [] {
  using enum TokenKind;
  std::array<Way, kKinds> ways{};
  ways.fill(Way::kCopy);
  const auto set = [&](Way way, std::initializer_list<TokenKind> kinds) {
    for (const TokenKind kind : kinds) ways[static_cast<std::size_t>(kind)] = way;
  };
  const auto set_range = [&](Way way, TokenKind first, TokenKind last) {
    for (auto k = static_cast<std::size_t>(first); k <= static_cast<std::size_t>(last); ++k) {
      ways[k] = way;
    }
  };
  set_range(Way::kWord, Include, NsC);
  set(Way::kWord,
      {String, NameQualified, NameRelative, Lnumber, Dnumber, StringVarname, NumString});
  set(Way::kChar, {Char});
  set(Way::kDrop, {Whitespace, Comment, DocComment});
  set_range(Way::kSpecial, IntCast, UnsetCast);
  set(Way::kSpecial, {NameFullyQualified, InlineHtml, EncapsedAndWhitespace, ConstantEncapsedString,
                      YieldFrom, OpenTag, OpenTagWithEcho, CloseTag, StartHeredoc, EndHeredoc,
                      CurlyOpen, DollarOpenCurlyBraces});
  return ways;
}();

constexpr std::array<Way, 256> kCharWays = [] {
  std::array<Way, 256> ways{};
  ways.fill(Way::kCopy);
  for (const char c : {'"', '`', '(', '{', '}', '$', 'b', 'B'}) {
    ways[static_cast<unsigned char>(c)] = Way::kSpecial;
  }
  ways['@'] = Way::kDrop;
  return ways;
}();

}  // namespace

ViewBuilder::ViewBuilder(std::string_view source, CodeViews& views, bool has_maps)
    : source_(source), end_(source.data() + source.size()), indent_budget_(source.size() + 4096) {
  views.code_map.clear();
  views.text_map.clear();
  code_.start(source, views.code, has_maps ? &views.code_map : nullptr);
  text_.start(source, views.text, has_maps ? &views.text_map : nullptr);
}

std::size_t ViewBuilder::consume(const Token* tokens, std::size_t stop) {
  std::size_t i = 0;
  while (i < stop) {
    if (is_in_string()) {
      i = string_part(tokens, i);
    } else if (is_constant_open_) {
      i = continue_constant(tokens, i, stop);
    } else {
      i = script(tokens, i, stop);
    }
  }
  return i;
}

void ViewBuilder::finish() {
  close_constant();
  code_.finish();
  text_.finish();
}

/// Stops early where a string or a joined constant begins or ends: consume() knows who goes on.
std::size_t ViewBuilder::script(const Token* tokens, std::size_t i, std::size_t stop) {
  for (; i < stop; ++i) {
    const Token token = tokens[i];
    Way way = kWays[static_cast<std::size_t>(token.kind)];
    if (way == Way::kChar) way = kCharWays[static_cast<unsigned char>(source_[token.begin])];
    switch (way) {
      case Way::kCopy:
        code_.copy(text_of(token));
        break;
      case Way::kWord:
        if (token.end - token.begin == 3 && is_chr_call(tokens, i))
          return constant_operand(tokens, i);
        code_.copy_word(text_of(token));
        break;
      case Way::kSpecial:
        return special(tokens, i);
      case Way::kChar:
      case Way::kDrop:
        break;
    }
  }
  return i;
}

std::size_t ViewBuilder::special(const Token* tokens, std::size_t i) {
  const Token& token = tokens[i];
  const std::string_view text = text_of(token);
  switch (token.kind) {
    using enum TokenKind;
    case Char:
      return special_char(tokens, i);
    case ConstantEncapsedString:
      return constant_operand(tokens, i);
    case EncapsedAndWhitespace:  // a '…' without its end
      open_constant();
      append_value(text.substr(std::min<std::size_t>(1, text.size())), Quoting::kSingle);
      close_constant();
      break;
    case StartHeredoc:
      return open_string(tokens, i);
    case NameFullyQualified:
      if (is_chr_call(tokens, i)) return constant_operand(tokens, i);
      fully_qualified(text);
      break;
    case YieldFrom:
      code_.copy_word(text.substr(0, 5));
      code_.copy_word(text.substr(text.size() - 4));
      break;
    case OpenTag:
    case OpenTagWithEcho:
      code_.mark(token.begin);
      code_.append(token.kind == OpenTag ? "<?" : "<?echo");
      break;
    case CloseTag:
      code_.mark(token.begin);
      code_.append("?>");
      break;
    case InlineHtml:
      text_.copy(text);
      if (text_.last() != '\n') text_.put('\n');
      break;
    case EndHeredoc:
    case CurlyOpen:
    case DollarOpenCurlyBraces:
      code_.copy(text);
      break;
    default:
      cast(text);
      break;
  }
  return i + 1;
}

std::size_t ViewBuilder::special_char(const Token* tokens, std::size_t i) {
  const std::string_view text = text_of(tokens[i]);
  switch (text[0]) {
    case '(': {
      const char before = code_.last();
      const bool is_call =
          code_.ends_in_word() || before == ')' || before == ']' || before == '}' || before == '\'';
      if (!is_call && operand_end(tokens, i) != 0) return constant_operand(tokens, i);
      break;
    }
    case '{':
      return open_brace(tokens, i);
    case '}':
      return close_brace(tokens, i);
    case '$':
      if (is_char(tokens[i + 1], '{')) {
        if (const std::size_t next = name_in_braces(tokens, i + 1, "$"); next != 0) return next;
      }
      break;
    case '"':
    case '`':
      return open_string(tokens, i);
    default:
      if (text.size() == 2) return open_string(tokens, i);  // b"
      break;
  }
  code_.copy(text);
  return i + 1;
}

std::size_t ViewBuilder::open_brace(const Token* tokens, std::size_t i) {
  if (code_.ends_with("->") || code_.ends_with("::")) {
    if (const std::size_t next = name_in_braces(tokens, i, ""); next != 0) return next;
  }
  if (!frames_.empty()) ++frames_.back().depth;
  code_.copy(text_of(tokens[i]));
  return i + 1;
}

std::size_t ViewBuilder::close_brace(const Token* tokens, std::size_t i) {
  bool is_written = true;
  if (!frames_.empty()) {
    Frame& expression = frames_.back();
    if (expression.depth > 0) {
      --expression.depth;
    } else {
      is_written = expression.writes_brace;
      frames_.pop_back();
      --expressions_;
    }
  }
  if (is_written) code_.copy(text_of(tokens[i]));
  return i + 1;
}

/// `( int )`: the blanks inside go.
void ViewBuilder::cast(std::string_view text) {
  code_.mark(code_.offset_of(text.data()));
  code_.put('(');
  const std::size_t from = text.find_first_not_of(" \t", 1);
  const std::size_t to = text.find_last_not_of(" \t)");
  if (from != std::string_view::npos && to != std::string_view::npos && from <= to) {
    code_.copy_lower(text.substr(from, to + 1 - from));
  }
  code_.mark(code_.offset_of(text.data()) + static_cast<Offset>(text.size()) - 1);
  code_.put(')');
}

void ViewBuilder::fully_qualified(std::string_view text) {
  const bool has_one_part = text.find('\\', 1) == std::string_view::npos;
  if (has_one_part) return code_.copy_word(text.substr(1));
  code_.copy_lower(text);
}

}  // namespace backscan::php

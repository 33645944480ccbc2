// Constant strings in the code view: joined, decoded, written in one spelling, and turned back into
// the names they stand for. Apart from code_view.cc because here tokens are looked at in groups.
#include <algorithm>
#include <optional>

#include "base/text.h"
#include "php/view_builder.h"

namespace backscan::php {
namespace {

/// Groups inside groups that are still followed, and tokens in one group.
constexpr int kMaxGroupDepth = 4;
constexpr std::size_t kMaxGroupTokens = ViewBuilder::kLookAhead - 8;

/// The byte that chr() makes of an integer literal; nothing for one too long to be meant as a byte.
std::optional<char> chr_value(std::string_view number) {
  int base = 10;
  if (number.size() > 1 && number[0] == '0') {
    const char prefix = ascii_lower(number[1]);
    base = prefix == 'x' ? 16 : prefix == 'b' ? 2 : 8;
    number.remove_prefix(prefix == 'x' || prefix == 'b' || prefix == 'o' ? 2 : 1);
  }
  if (number.size() > 12) return std::nullopt;
  unsigned value = 0;
  for (const char c : number) {
    if (c == '_') continue;
    const char low = ascii_lower(c);
    const int digit = low >= 'a' ? low - 'a' + 10 : low - '0';
    if (digit < 0 || digit >= base) return std::nullopt;
    value = (value * static_cast<unsigned>(base) + static_cast<unsigned>(digit)) & 0xffffU;
  }
  return static_cast<char>(value & 0xffU);
}

bool is_label(std::string_view text) {
  return !text.empty() && scan::is(text[0], scan::kLabelStart) &&
         std::ranges::all_of(text, [](char c) { return scan::is(c, scan::kLabelByte); });
}

/// What may be called by its name: `mail`, `\mail`, `ns\mail`, `Class::method`.
bool is_callable_name(std::string_view text) {
  return !text.empty() && (scan::is(text[0], scan::kLabelStart) || text[0] == '\\') &&
         std::ranges::all_of(text, [](char c) {
           return scan::is(c, scan::kLabelByte) || c == '\\' || c == ':';
         });
}

}  // namespace

bool ViewBuilder::is_chr_call(const Token* tokens, std::size_t i) const {
  const TokenKind kind = tokens[i].kind;
  if (kind != TokenKind::String && kind != TokenKind::NameFullyQualified) return false;
  if (!is_char(tokens[i + 1], '(') || tokens[i + 2].kind != TokenKind::Lnumber ||
      !is_char(tokens[i + 3], ')')) {
    return false;
  }
  std::string_view name = text_of(tokens[i]);
  if (name[0] == '\\') name.remove_prefix(1);
  return equals_ignoring_case(name, "chr") && !code_.ends_with("->") && !code_.ends_with("::") &&
         chr_value(text_of(tokens[i + 2])).has_value();
}

/// Index behind the constant operand at `i` (a string, chr() of a number, a group of them); 0 if
/// there is none.
std::size_t ViewBuilder::operand_end(const Token* tokens, std::size_t i) const {
  if (tokens[i].kind == TokenKind::ConstantEncapsedString) return i + 1;
  if (is_chr_call(tokens, i)) return i + 4;
  if (is_char(tokens[i], '(')) return sequence_end(tokens, i + 1, ')');
  return 0;
}

/// Index behind the `closer` of a sequence of constants joined by '.' at `i`, groups included; 0 if
/// anything else stands in it or it is too long.
std::size_t ViewBuilder::sequence_end(const Token* tokens, std::size_t i, char closer) const {
  const std::size_t limit = i + kMaxGroupTokens;
  int depth = 0;
  bool wants_operand = true;
  while (i < limit) {
    if (wants_operand) {
      if (is_char(tokens[i], '(')) {
        if (++depth > kMaxGroupDepth) return 0;
        ++i;
        continue;
      }
      const std::size_t end = operand_end(tokens, i);
      if (end == 0) return 0;
      i = end;
      wants_operand = false;
    } else if (is_char(tokens[i], '.')) {
      wants_operand = true;
      ++i;
    } else if (depth == 0) {
      return is_char(tokens[i], closer) ? i + 1 : 0;
    } else {
      if (!is_char(tokens[i], ')')) return 0;
      --depth;
      ++i;
    }
  }
  return 0;
}

/// The values of tokens [i, end), which are known to be joined constants.
void ViewBuilder::decode(const Token* tokens, std::size_t i, std::size_t end,
                         std::string& out) const {
  out.clear();
  for (; i < end; ++i) {
    if (tokens[i].kind == TokenKind::Lnumber) {
      out.push_back(chr_value(text_of(tokens[i])).value_or('\0'));
    }
    if (tokens[i].kind != TokenKind::ConstantEncapsedString) continue;
    const ConstantLiteral literal = open_constant_literal(text_of(tokens[i]));
    for (std::size_t at = 0; at < literal.inside.size();) {
      if (literal.inside[at] != '\\') {
        out.push_back(literal.inside[at++]);
        continue;
      }
      const Escape escape = decode_escape(literal.inside.substr(at), literal.quoting);
      out.append(escape.bytes.data(), escape.size);
      at += escape.length;
    }
  }
}

/// Begins a constant, or goes on with the open one.
std::size_t ViewBuilder::constant_operand(const Token* tokens, std::size_t i) {
  const std::size_t end = operand_end(tokens, i);
  if (is_char(tokens[end], '(') && tokens[end - 1].kind != TokenKind::Lnumber) {
    if (const std::size_t next = called_constant(tokens, i, end); next != 0) return next;
  }
  open_constant();
  for (; i < end; ++i) {
    if (tokens[i].kind == TokenKind::Lnumber) {
      code_.mark(tokens[i].begin);
      text_.mark(tokens[i].begin);
      append_byte(chr_value(text_of(tokens[i])).value_or('\0'));
    } else if (tokens[i].kind == TokenKind::ConstantEncapsedString) {
      const ConstantLiteral literal = open_constant_literal(text_of(tokens[i]));
      append_value(literal.inside, literal.quoting);
    }
  }
  return end;
}

/// Behind a constant: goes on with what is joined to it, or closes it. Leaves it open at `stop`.
std::size_t ViewBuilder::continue_constant(const Token* tokens, std::size_t i, std::size_t stop) {
  while (i < stop && is_constant_open_) {
    if (!is_char(tokens[i], '.')) {
      close_constant();
      return i;
    }
    if (opens_string(tokens[i + 1])) {
      is_join_pending_ = true;
      return open_string(tokens, i + 1);
    }
    if (operand_end(tokens, i + 1) == 0) {
      close_constant();
      return i;
    }
    is_join_pending_ = true;
    i = constant_operand(tokens, i + 1);
  }
  return i;
}

/// `'mail'(…)`: writes the name. 0 if the constant names nothing that can be called.
std::size_t ViewBuilder::called_constant(const Token* tokens, std::size_t i, std::size_t end) {
  decode(tokens, i, end, scratch_);
  if (!is_callable_name(scratch_)) return 0;
  close_constant();
  std::string_view name = scratch_;
  if (name[0] == '\\' && name.find('\\', 1) == std::string_view::npos) name.remove_prefix(1);
  if (code_.ends_in_word()) code_.put(' ');
  code_.mark(tokens[i].begin);
  code_.append(ascii_lower(name));
  return end;
}

/// `{'name'}` at `i`: writes `prefix` and the name. 0 if the braces hold no constant name.
std::size_t ViewBuilder::name_in_braces(const Token* tokens, std::size_t i,
                                        std::string_view prefix) {
  const std::size_t end = sequence_end(tokens, i + 1, '}');
  if (end == 0) return 0;
  decode(tokens, i + 1, end, scratch_);
  if (!is_label(scratch_)) return 0;
  code_.mark(tokens[i].begin);
  code_.append(prefix);
  code_.append(prefix.empty() ? ascii_lower(scratch_) : scratch_);
  return end;
}

void ViewBuilder::open_constant() {
  is_join_pending_ = false;
  if (is_constant_open_) return;
  code_.put('\'');
  is_constant_open_ = true;
}

void ViewBuilder::close_constant() {
  if (!is_constant_open_) return;
  code_.put('\'');
  is_constant_open_ = false;
  if (is_join_pending_) code_.put('.');
  is_join_pending_ = false;
  if (frames_.empty()) text_.put('\n');
}

void ViewBuilder::append_byte(char c) {
  if (is_text_on()) text_.put(c);
  if (c == '\'' || c == '\\') code_.put('\\');
  code_.put(c);
}

void ViewBuilder::append_value(std::string_view inside, Quoting quoting) {
  const char* p = inside.data();
  const char* const end = p + inside.size();
  while (p != end) {
    const char* const stop = scan::find_any<'\\', '\''>(p, end);
    code_.copy({p, stop});
    if (is_text_on()) text_.copy({p, stop});
    if (stop == end) return;
    code_.mark(code_.offset_of(stop));
    text_.mark(code_.offset_of(stop));
    if (*stop == '\'') {
      append_byte('\'');
      p = stop + 1;
      continue;
    }
    const Escape escape = decode_escape({stop, end}, quoting);
    for (std::size_t i = 0; i < escape.size; ++i) append_byte(escape.bytes[i]);
    p = stop + escape.length;
  }
}

}  // namespace backscan::php

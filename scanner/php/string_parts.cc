// Strings with variables in them, heredocs and backticks: written as the concatenation they mean.
// Apart from code_view.cc because inside a string tokens mean other things.
#include <algorithm>

#include "php/view_builder.h"

namespace backscan::php {

bool ViewBuilder::opens_string(const Token& token) const {
  if (token.kind == TokenKind::StartHeredoc) return true;
  return token.kind == TokenKind::Char && source_[token.end - 1] == '"';
}

std::size_t ViewBuilder::open_string(const Token* tokens, std::size_t i) {
  const std::string_view text = text_of(tokens[i]);
  Frame frame;
  if (tokens[i].kind == TokenKind::StartHeredoc) {
    frame.quoting = text.find('\'') == std::string_view::npos ? Quoting::kHeredoc
                                                              : Quoting::kNowdoc;
    frame.is_line_start = true;
    frame.indent_bytes = closing_indent(text, tokens[i].end);
  } else if (text == "`") {
    if (code_.ends_in_word()) code_.put(' ');
    code_.mark(tokens[i].begin);
    code_.append("shell_exec(");
    frame.quoting = Quoting::kBackquote;
  }
  frames_.push_back(frame);
  return i + 1;
}

std::size_t ViewBuilder::string_part(const Token* tokens, std::size_t i) {
  const Token& token = tokens[i];
  const std::string_view text = text_of(token);
  Frame& frame = frames_.back();
  switch (token.kind) {
    using enum TokenKind;
    case EncapsedAndWhitespace:
      frame.is_in_offset = false;
      if (!text.empty()) string_text(tokens, i);
      break;
    case Variable:
      if (!frame.is_in_offset) begin_variable(frame);
      variable_name(text, !frame.is_in_offset);
      break;
    case CurlyOpen:
    case DollarOpenCurlyBraces:
      return open_expression(tokens, i);
    case EndHeredoc:
      return close_string(i);
    case String:
      if (!frame.is_in_offset) {
        code_.copy_word(text);
        break;
      }
      code_.mark(token.begin);
      code_.put('\'');
      code_.copy(text);
      code_.put('\'');
      break;
    case Char:
      if (text == "\"" || text == "`") return close_string(i);
      if (text == "[") frame.is_in_offset = true;
      if (text == "]") frame.is_in_offset = false;
      code_.copy(text);
      break;
    default:
      code_.copy(text);
      break;
  }
  return i + 1;
}

std::size_t ViewBuilder::close_string(std::size_t i) {
  const Frame frame = frames_.back();
  if (!frame.has_parts) open_constant();
  if (frame.quoting == Quoting::kBackquote) {
    close_constant();
    code_.put(')');
  }
  frames_.pop_back();
  // An open constant may go on behind the string; continue_constant() ends its line of text.
  if (frames_.empty() && !is_constant_open_) text_.put('\n');
  return i + 1;
}

/// `{$…}` or `${…}`.
std::size_t ViewBuilder::open_expression(const Token* tokens, std::size_t i) {
  begin_variable(frames_.back());
  const Token& next = tokens[i + 1];
  Frame frame{.is_expression = true};
  if (tokens[i].kind == TokenKind::CurlyOpen) {
    if (next.kind == TokenKind::Variable && is_text_on()) text_.copy(text_of(next));
    ++i;
  } else if (next.kind == TokenKind::StringVarname) {
    code_.mark(tokens[i].begin);
    code_.put('$');
    if (is_text_on()) {
      text_.mark(tokens[i].begin);
      text_.put('$');
    }
    variable_name(text_of(next), true);
    i += 2;
  } else if (const std::size_t end = name_in_braces(tokens, i, "$"); end != 0) {
    return end;
  } else {
    code_.copy(text_of(tokens[i]));
    frame.writes_brace = true;
    ++i;
  }
  frames_.push_back(frame);
  ++expressions_;
  return i;
}

void ViewBuilder::variable_name(std::string_view name, bool is_in_text) {
  code_.copy(name);
  if (is_in_text && is_text_on()) text_.copy(name);
}

/// Before a variable: ends the constant before it and joins.
void ViewBuilder::begin_variable(Frame& frame) {
  close_constant();
  if (frame.has_parts) code_.put('.');
  frame.has_parts = true;
}

/// Literal text of a string; of a heredoc without its indentation and its last line break.
void ViewBuilder::string_text(const Token* tokens, std::size_t i) {
  Frame& frame = frames_.back();
  std::string_view text = text_of(tokens[i]);
  const bool is_doc = frame.quoting == Quoting::kHeredoc || frame.quoting == Quoting::kNowdoc;
  if (is_doc && tokens[i + 1].kind == TokenKind::EndHeredoc) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.empty() && frame.has_parts) return;
  }
  if (frame.has_parts && !is_constant_open_) code_.put('.');
  frame.has_parts = true;
  open_constant();
  if (frame.indent_bytes == 0) return append_value(text, frame.quoting);
  while (!text.empty()) {
    if (frame.is_line_start) {
      const std::size_t blanks = std::min(text.find_first_not_of(" \t"), text.size());
      text.remove_prefix(std::min<std::size_t>(blanks, frame.indent_bytes));
    }
    const std::size_t line_break = text.find('\n');
    const std::size_t length = line_break == std::string_view::npos ? text.size() : line_break + 1;
    append_value(text.substr(0, length), frame.quoting);
    frame.is_line_start = length == line_break + 1;
    text.remove_prefix(length);
  }
}

/// By how many bytes the closing label of a heredoc is indented. PHP looks ahead for it too; here
/// the looking ends with a budget for the whole file, since many heredocs may never be closed.
std::uint32_t ViewBuilder::closing_indent(std::string_view start, Offset body) {
  std::string_view label = start.substr(start.find("<<<") + 3);
  label.remove_prefix(std::min(label.find_first_not_of(" \t'\""), label.size()));
  label = label.substr(0, label.find_first_of("'\"\r\n"));
  const char* const end = source_.data() + source_.size();
  const char* line = source_.data() + body;
  while (line < end) {
    const char* const p = scan::indent_end(line, end);
    const std::string_view rest(p, end);
    const bool is_label = rest.size() > label.size() && rest.starts_with(label) &&
                          !scan::is(rest[label.size()], scan::kLabelByte);
    if (is_label) return static_cast<std::uint32_t>(p - line);
    const char* const line_break = scan::find_any<'\n', '\r'>(p, end);
    const auto passed = static_cast<std::size_t>(line_break - line) + 1;
    if (passed > indent_budget_) break;
    indent_budget_ -= passed;
    line = line_break + 1;
  }
  return 0;
}

}  // namespace backscan::php

// Eight SGR colours only: they follow the terminal's own theme, light or dark.
#include "report/text_page.h"

#include "base/text.h"
#include "base/words.h"

namespace backscan::report {
namespace {

std::string_view start_of(Style style) {
  switch (style) {
    case Style::kPlain: return "";
    case Style::kBold: return "\x1b[1m";
    case Style::kDim: return "\x1b[2m";
    case Style::kRed: return "\x1b[31m";
    case Style::kBoldRed: return "\x1b[1;31m";
    case Style::kYellow: return "\x1b[33m";
    case Style::kBlue: return "\x1b[34m";
    case Style::kGreen: return "\x1b[32m";
  }
  return "";
}

}  // namespace

Style style_of(Severity severity) {
  switch (severity) {
    case Severity::kCritical: return Style::kBoldRed;
    case Severity::kHigh: return Style::kRed;
    case Severity::kMedium: return Style::kYellow;
    case Severity::kLow: return Style::kBlue;
    case Severity::kInfo: return Style::kDim;
  }
  return Style::kPlain;
}

TextPage& TextPage::put(std::string_view text, Style style) {
  const bool styled = color_ && style != Style::kPlain && !text.empty();
  if (styled) out_ += start_of(style);
  out_ += escape_controls(text);
  if (styled) out_ += "\x1b[0m";
  return *this;
}

TextPage& TextPage::indent(std::size_t columns) {
  out_.append(columns, ' ');
  return *this;
}

void TextPage::end_line() {
  out_ += '\n';
  is_begun_ = true;
  sink_.drain();
}

void TextPage::heading(std::string_view text, Style style) {
  if (is_begun_) end_line();
  put(text, style);
  end_line();
}

void TextPage::paragraph(std::size_t left, std::string_view label, std::size_t label_columns,
                         std::string_view text, Style style) {
  const std::size_t start = left + label_columns;
  const std::size_t width = width_ > start + 20 ? width_ - start : 20;
  bool is_first = true;
  for (const std::string& line : wrapped(escape_controls(text), width)) {
    if (is_first && label.size() < label_columns)
      indent(left).put(label, Style::kDim).indent(label_columns - label.size());
    else
      indent(start);
    put(line, style);
    end_line();
    is_first = false;
  }
}

}  // namespace backscan::report

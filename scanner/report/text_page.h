// The one place where text for a terminal is escaped and coloured: nothing reaches the page but
// through put().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/severity.h"
#include "report/sink.h"

namespace backscan::report {

enum class Style : std::uint8_t { kPlain, kBold, kDim, kRed, kBoldRed, kYellow, kBlue, kGreen };

[[nodiscard]] Style style_of(Severity severity);

class TextPage {
 public:
  TextPage(Sink& sink, bool color, std::size_t width)
      : sink_(sink), out_(sink.text()), color_(color), width_(width < 40 ? 40 : width) {}

  /// Escapes `text` (base/text.h) and appends it to the current line.
  TextPage& put(std::string_view text, Style style = Style::kPlain);
  TextPage& indent(std::size_t columns);
  void end_line();
  void heading(std::string_view text, Style style = Style::kBold);
  /// `label` at column `left`, `text` wrapped from column `left + label_columns` on.
  void paragraph(std::size_t left, std::string_view label, std::size_t label_columns,
                 std::string_view text, Style style = Style::kPlain);

 private:
  Sink& sink_;
  std::string& out_;
  bool is_begun_ = false;
  bool color_;
  std::size_t width_;
};

}  // namespace backscan::report

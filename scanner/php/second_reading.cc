// See second_reading.h.
#include "php/second_reading.h"

#include "base/text.h"

namespace backscan::php {
namespace {

bool is_long_tag(std::string_view rest) {  // behind `<?`
  return rest.starts_with('=') || equals_ignoring_case(rest.substr(0, 3), "php");
}

}  // namespace

std::optional<std::string> without_short_tags(std::string_view source) {
  std::string text;
  std::size_t last_blanked = source.npos;
  bool matters = false;
  for (std::size_t at = source.find('<'); at != source.npos && at + 1 < source.size();
       at = source.find('<', at + 1)) {
    const char next = source[at + 1];
    const std::string_view rest = source.substr(at + 2);
    if (next == '?' && is_long_tag(rest)) {
      matters |= last_blanked != source.npos;
    } else if (next == '?' || next == '%') {
      if (text.empty()) text = source;
      text[at] = text[at + 1] = ' ';
      last_blanked = at;
    }
  }
  if (!matters) return std::nullopt;
  return text;
}

}  // namespace backscan::php

// See second_reading.h.
#include "php/second_reading.h"

#include "base/text.h"

namespace backscan::php {
namespace {

bool is_long_tag(std::string_view rest) {  // behind `<?`
  return rest.starts_with('=') || equals_ignoring_case(rest.substr(0, 3), "php");
}

bool opens_for_sure(std::string_view rest) {
  return rest.starts_with('=') || rest.size() == 3 ||
         std::string_view(" \t\r\n").find(rest[3]) != std::string_view::npos;
}

// A closing tag of any kind, were it in a string or a comment. `part` may end in the `<` of a tag.
bool may_close(std::string_view part) {
  return part.find("?>") != part.npos || part.find("%>") != part.npos ||
         equals_ignoring_case(part.substr(0, 6), "script");
}

}  // namespace

std::optional<std::string> without_short_tags(std::string_view source) {
  std::string text;
  bool is_blanked_outside = false;
  bool matters = false;
  bool is_inside = false;  // surely: between `<?php` and the next thing that could close it
  for (std::size_t at = source.find('<'); at != source.npos && at + 1 < source.size();) {
    const char next = source[at + 1];
    const std::string_view rest = source.substr(at + 2);
    if (next == '?' && is_long_tag(rest)) {
      matters |= is_blanked_outside;
      is_inside |= opens_for_sure(rest);
    } else if (next == '?' || next == '%') {
      if (text.empty()) text = source;
      text[at] = text[at + 1] = ' ';
      is_blanked_outside |= !is_inside;
    }
    const std::size_t following = source.find('<', at + 1);
    if (is_inside && may_close(source.substr(at + 2, following - at - 1))) is_inside = false;
    at = following;
  }
  if (!matters) return std::nullopt;
  return text;
}

}  // namespace backscan::php

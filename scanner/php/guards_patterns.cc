// Judges regular expressions that programs check addresses and headers with. Not a matcher: a few
// signs that decide whether a match leaves room for a line break.
#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"
#include "php/guards.h"

namespace backscan::php::flow {

namespace {

struct Pattern {
  std::string_view body;
  std::string_view flags;
};

Pattern split_pattern(std::string_view text, bool has_delimiters) {
  if (!has_delimiters) return {text, {}};
  text = trim(text);
  if (text.size() < 2) return {text, {}};
  char close = text.front();
  if (close == '(') close = ')';
  if (close == '{') close = '}';
  if (close == '[') close = ']';
  if (close == '<') close = '>';
  const std::size_t end = text.rfind(close);
  if (end == 0 || end == std::string_view::npos) return {text.substr(1), {}};
  return {text.substr(1, end - 1), text.substr(end + 1)};
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// A class such as [^@] lets line breaks in unless it names them.
bool admits_breaks(std::string_view body) {
  for (std::size_t at = 0; at < body.size(); ++at) {
    if (body[at] == '\\' && at + 1 < body.size()) {
      const char escaped = body[at + 1];
      if (escaped == 's' || escaped == 'n' || escaped == 'r' || escaped == 'W' || escaped == 'D' ||
          escaped == 'R') {
        return true;
      }
      ++at;
    } else if (body[at] == '\n' || body[at] == '\r') {
      return true;
    } else if (body[at] == '[') {
      const std::size_t end = body.find(']', at + 2);
      const std::string_view inside =
          body.substr(at, end == std::string_view::npos ? std::string_view::npos : end - at);
      if (inside.starts_with("[^")) {
        const bool names_them = contains(inside, "\\s") || contains(inside, "\\n") ||
                                contains(inside, "\\r") || contains(inside, "\n") ||
                                contains(inside, "[:space:]") || contains(inside, "[:cntrl:]");
        if (!names_them) return true;
        at = end == std::string_view::npos ? body.size() : end;
      }
    }
  }
  return false;
}

bool names_breaks(std::string_view body) {
  return contains(body, "\\r") || contains(body, "\\n") || contains(body, "\\s") ||
         contains(body, "\\R") || contains(body, "\n") || contains(body, "\r") ||
         contains(body, "\\x0") || contains(body, "\\015") || contains(body, "\\012") ||
         contains(body, "[:cntrl:]") || contains(body, "\\pC");
}

}  // namespace

PatternSays judge_pattern(std::string_view text, bool has_delimiters) {
  const auto [body, flags] = split_pattern(text, has_delimiters);
  const bool starts = body.starts_with('^') || body.starts_with("\\A");
  const bool ends = body.ends_with('$') || body.ends_with("\\z") || body.ends_with("\\Z");
  const bool many_lines = contains(flags, "m") || contains(flags, "s");
  if (starts && ends && !many_lines && !admits_breaks(body)) {
    return contains(body, "@") ? PatternSays::kMatchIsAddress : PatternSays::kMatchHasNoBreaks;
  }
  const std::string lower = ascii_lower(body);
  const bool is_header_word = contains(lower, "bcc") || contains(lower, "content-type") ||
                              contains(lower, "to:") || contains(lower, "mime");
  if (!starts && (names_breaks(body) || contains(lower, "%0a") || is_header_word)) {
    return PatternSays::kMissHasNoBreaks;
  }
  if (ends && contains(body, "\\.") && contains(body, "|")) return PatternSays::kMatchIsExtension;
  return PatternSays::kNothing;
}

bool removes_breaks(std::string_view text, bool has_delimiters) {
  const auto [body, flags] = split_pattern(text, has_delimiters);
  if (names_breaks(body) && !contains(body, "[^")) return true;
  // [^a-z@.]: everything but the listed goes, line breaks with it.
  const std::size_t at = body.find("[^");
  if (at == std::string_view::npos) return false;
  return !names_breaks(body.substr(at)) && !contains(body.substr(at), "\\W");
}

}  // namespace backscan::php::flow

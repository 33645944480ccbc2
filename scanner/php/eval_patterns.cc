// PCRE patterns to RE2.
#include "php/eval_patterns.h"

#include "base/text.h"

namespace backscan::php::eval {
namespace {

constexpr std::size_t kMaxKnown = 256;
constexpr std::size_t kMaxPatternBytes = 4096;
constexpr std::int64_t kMaxRegexBytes = std::int64_t{2} << 20;

char closing(char delimiter) {
  switch (delimiter) {
    case '(': return ')';
    case '[': return ']';
    case '{': return '}';
    case '<': return '>';
    default: return delimiter;
  }
}

// The x modifier by hand: RE2 has none.
std::string without_blanks(std::string_view body) {
  std::string out;
  bool is_in_class = false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (c == '\\' && i + 1 < body.size()) {
      out += body.substr(i++, 2);
    } else if (!is_in_class && c == '#') {
      while (i + 1 < body.size() && body[i + 1] != '\n') ++i;
    } else if (is_in_class || (c != ' ' && (c < '\t' || c > '\r'))) {
      if (c == '[') is_in_class = true;
      if (c == ']') is_in_class = false;
      out.push_back(c);
    }
  }
  return out;
}

// Spellings that PCRE has and RE2 writes otherwise: (?<name>…), possessive and atomic groups (which
// only forbid backtracking), \h, \Z, \/.
std::string translated(std::string_view body) {
  std::string out;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const std::string_view rest = body.substr(i);
    if (rest.starts_with("\\Z")) {
      out += "\\z";
      ++i;
    } else if (rest.starts_with("\\h")) {
      out += "[ \\t]";
      ++i;
    } else if (rest.starts_with("\\R")) {
      out += "(?:\\r\\n|\\n|\\r)";
      ++i;
    } else if (rest.starts_with("\\") && rest.size() > 1) {
      const char c = rest[1];
      const bool is_word = (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
      if (static_cast<unsigned char>(c) >= 0x80 || (!is_word && c == '<')) out.push_back(c);
      else out += rest.substr(0, 2);
      ++i;
    } else if (rest.starts_with("(?<") && rest.size() > 3 && rest[3] != '=' && rest[3] != '!') {
      out += "(?P<";
      i += 2;
    } else if (rest.starts_with("(?>")) {
      out += "(?:";
      i += 2;
    } else if ((rest.starts_with("++") || rest.starts_with("*+") || rest.starts_with("?+"))) {
      out.push_back(rest[0]);
      ++i;
    } else {
      out.push_back(body[i]);
    }
  }
  return out;
}

Pattern compile(std::string_view text) {
  Pattern pattern;
  text = trim(text);
  if (text.size() < 2 || text.size() > kMaxPatternBytes) return pattern;
  const std::size_t end = text.rfind(closing(text[0]));
  if (end == 0 || end == text.npos) return pattern;
  std::string body{text.substr(1, end - 1)};
  std::string flags;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxRegexBytes);
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  for (const char modifier : text.substr(end + 1)) {
    if (modifier == 'i' || modifier == 's' || modifier == 'm' || modifier == 'U') flags.push_back(modifier);
    if (modifier == 'e') pattern.evaluates = true;
    if (modifier == 'A') pattern.is_anchored = true;
    if (modifier == 'u') options.set_encoding(re2::RE2::Options::EncodingUTF8);
    if (modifier == 'x') body = without_blanks(body);
  }
  body = translated(body);
  if (!flags.empty()) body.insert(0, "(?" + flags + ")");
  auto regex = std::make_unique<re2::RE2>(body, options);
  if (regex->ok()) pattern.regex = std::move(regex);
  return pattern;
}

}  // namespace

const Pattern& Patterns::find(std::string_view text) {
  const auto it = known_.find(text);
  if (it != known_.end()) return it->second;
  if (known_.size() >= kMaxKnown) known_.clear();
  return known_.emplace(std::string{text}, compile(text)).first->second;
}

}  // namespace backscan::php::eval

// Choosing and writing the word (source_word.h).
#include "rules/source_word.h"

#include <algorithm>
#include <array>

#include "rules/regex_literals.h"

namespace backscan::rules {
namespace {

constexpr std::size_t kContextStrength = 3;  // a dollar or a parenthesis is worth as many letters
constexpr std::size_t kCommonStrength = 3;

// Words that stand in more than one of twenty files of ordinary PHP, in code, prose or comments.
constexpr auto kCommonWords = std::to_array<std::string_view>(
    {"access", "address", "array",   "auto",    "change",  "class",   "config",   "content",
     "copy",   "count",   "data",    "default", "define",  "defined", "echo",     "email",
     "error",  "explode", "false",   "file",    "files",   "for",     "foreach",  "form",
     "from",   "function", "functions", "header", "html",  "http",    "https",    "include",
     "index",  "info",    "input",   "isset",   "list",    "log",     "login",    "mail",
     "message", "name",   "namespace", "number", "password", "path",  "print",    "private",
     "protected", "public", "query", "received", "replace", "require", "require_once", "reset",
     "result", "return",  "send",    "settings", "size",   "static",  "string",   "subject",
     "test",   "text",    "title",   "true",    "type",    "user",    "valid",    "value",
     "version", "website", "while"});
static_assert(std::ranges::is_sorted(kCommonWords));

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

struct Word {
  std::size_t first = 0;
  std::size_t last = 0;  // behind it
  bool is_variable = false;
  bool is_call = false;
  std::size_t strength = 0;
};

Word word_at(std::string_view literal, std::size_t first, std::size_t last) {
  Word word{.first = first, .last = last};
  word.is_variable = first > 0 && literal[first - 1] == '$';
  const std::size_t after = last < literal.size() && literal[last] == kBoundaryMark ? last + 1 : last;
  word.is_call = after < literal.size() && literal[after] == '(';
  const bool is_common =
      std::ranges::binary_search(kCommonWords, literal.substr(first, last - first));
  word.strength = is_common ? std::min(kCommonStrength, last - first) : last - first;
  if (word.is_variable || word.is_call) word.strength += kContextStrength;
  return word;
}

Word best_word_of(std::string_view literal) {
  Word best;
  for (std::size_t at = 0; at < literal.size();) {
    std::size_t end = at;
    while (end < literal.size() && is_word_byte(literal[end])) ++end;
    if (end > at) {
      const Word word = word_at(literal, at, end);
      if (word.strength > best.strength) best = word;
    }
    at = end + 1;
  }
  return best;
}

}  // namespace

SourceWord source_word_of(std::string_view literal) {
  const Word word = best_word_of(literal);
  if (word.strength == 0) return {};
  SourceWord source{.pattern = "(?i)", .strength = word.strength};
  if (word.is_variable)
    source.pattern += R"(\$\{?)";
  else if (word.first > 0 && literal[word.first - 1] == kBoundaryMark)
    source.pattern += R"((?:\b|\\\w{1,4}))";  // in a string an escape may stand there: `"\nbcc:"`
  source.pattern += literal.substr(word.first, word.last - word.first);
  if (word.is_call)
    source.pattern += R"([\s'")]*\()";  // `('mail') ($x)` is a call too
  else if (word.last < literal.size() && literal[word.last] == kBoundaryMark)
    source.pattern += R"(\b)";
  return source;
}

}  // namespace backscan::rules

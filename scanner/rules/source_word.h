// From a literal of a view to a pattern over the source that the view was made of: what a rule over
// views asks of the raw bytes (clauses.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace backscan::rules {

struct SourceWord {
  std::string pattern;       // RE2 syntax, over raw bytes
  std::size_t strength = 0;  // the more, the rarer
};

/// The most telling word of `literal` (lower case, kBoundaryMark where a word boundary is): a variable
/// with its dollar, a call with its parenthesis, whatever white space or quotes the source has
/// between. Strength 0 if there is no word.
[[nodiscard]] SourceWord source_word_of(std::string_view literal);

}  // namespace backscan::rules

// Texts for the differential test that no fixture holds: one sample for each corner of PHP's
// lexical grammar, and reproducible damage to any text.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace backscan::php_tokens {

/// Small PHP texts, each for a corner of the grammar.
[[nodiscard]] std::vector<std::string> syntax_samples();

/// A damaged copy: cut, bytes flipped, pieces of syntax put in, parts of `others` spliced in.
[[nodiscard]] std::string mutate(const std::string& text, const std::vector<std::string>& others,
                                 std::mt19937& random);

}  // namespace backscan::php_tokens

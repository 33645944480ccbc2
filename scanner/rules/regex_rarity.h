// How unlikely text is to match a pattern, judged by its structure alone: which of a rule's patterns
// is looked for in every file, and which only once that one was seen (wake.h).
#pragma once

#include "rules/regex_tree.h"

namespace backscan::rules {

/// Bits that every match is known to hold, roughly: a byte of few possible ones tells more, a word
/// of letters never as much as its length, for text is made of words.
[[nodiscard]] double rarity_of(const RegexNode& regex);

/// True if a match needs a literal of four bytes or more, a long run, or a shape that is rare without.
[[nodiscard]] bool is_telling(const RegexNode& regex);

}  // namespace backscan::rules

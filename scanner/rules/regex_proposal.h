// From a pattern to what Hyperscan is given for it: a wider expression, written byte by byte so
// that the two engines cannot read it differently. It proposes; RE2 confirms.
#pragma once

#include <string>
#include <vector>

#include "rules/regex_tree.h"

namespace backscan::rules {

/// An expression that is found in every text in which `regex` is found. Wide counted repeats become
/// unbounded ones: Hyperscan would unroll them. Where what begins a match is common and the rest is
/// rare (`'\w{2,40}@example`), the rest is all that is proposed.
[[nodiscard]] std::string proposal_of(const RegexNode& regex);

/// The expression of a literal, without regard to case: fewer of them, and none is missed.
[[nodiscard]] std::string expression_of_literal(const std::string& literal);

/// Of a pattern that begins as ordinary code does (`function \w+\(…\beval\(`): literals, foreign to
/// such code, of which every match holds one. To look for them costs Hyperscan less than to follow
/// every such beginning. Empty if the pattern begins otherwise or holds none.
[[nodiscard]] std::vector<std::string> rare_words_of(const RegexNode& regex);

}  // namespace backscan::rules

// The literals that every match of a pattern must hold: what makes a rule cheap (the lint), and
// what the triggers of rules over views are made of.
#pragma once

#include <string>
#include <vector>

#include "rules/regex_tree.h"

namespace backscan::rules {

/// A set of which every match holds at least one: ASCII letters lower-cased, since case may be
/// folded. The set whose shortest literal is longest; empty if there is none of `min_bytes`.
[[nodiscard]] std::vector<std::string> required_literals(const RegexNode& regex,
                                                         std::size_t min_bytes);

/// Every such set that is known, each with literals of at least `min_bytes`: a match holds one of
/// each.
[[nodiscard]] std::vector<std::vector<std::string>> required_groups(const RegexNode& regex,
                                                                    std::size_t min_bytes);

/// A run of one byte set at least this long in every match (`[A-Za-z0-9+/]{700,}`); 0 if none. Sets
/// of more than 128 bytes are gaps, not runs.
[[nodiscard]] std::uint32_t required_run(const RegexNode& regex);

/// Bytes of one set in a row that ordinary text does not have: base64 and hexadecimal blocks do.
inline constexpr std::uint32_t kLongRun = 32;

/// True if a match can begin with a repeat of many bytes, and of less than kLongRun: every position
/// would start an attempt.
[[nodiscard]] bool begins_with_wide_repeat(const RegexNode& regex);

}  // namespace backscan::rules

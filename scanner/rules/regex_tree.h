// The structure of a pattern that RE2 accepted: read once more by backscan because RE2 keeps its
// own tree to itself, and Hyperscan's reading of the same text differs (`\s`, `$`, folding). From
// it come what Hyperscan is given (regex_proposal.h) and the literals a match must hold
// (regex_literals.h).
#pragma once

#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace backscan::rules {

using ByteSet = std::bitset<256>;

struct RegexNode {
  enum class Kind : std::uint8_t {
    kEmpty,      // matches nothing but the empty text
    kBytes,      // one byte of a set
    kConcat,     // children one after the other
    kAlternate,  // one of the children
    kRepeat,     // the child min to max times
    kTextBegin,
    kTextEnd,
    kLineBegin,
    kLineEnd,
    kWordBoundary,
    kNotWordBoundary,
  };
  static constexpr std::uint32_t kUnbounded = UINT32_MAX;

  Kind kind = Kind::kEmpty;
  ByteSet bytes;
  std::uint32_t min = 0;
  std::uint32_t max = 0;
  std::vector<RegexNode> children;
};

/// Reads `pattern`, which RE2 must have accepted (Latin-1). Case folding is already part of the
/// byte sets. Refused, although RE2 has them: Unicode classes, `\C`, `(?U)`, bytes beyond ASCII
/// whose case would be folded (other engines fold them differently), bytes beyond ASCII that stand
/// for themselves in a bracket (UTF-8 there is two bytes, not one letter), and deep nesting.
[[nodiscard]] Result<RegexNode> parse_regex(std::string_view pattern);

/// Letters of ASCII folded; and Latin-1's as RE2 folds them.
[[nodiscard]] ByteSet fold_case(const ByteSet& bytes);

}  // namespace backscan::rules

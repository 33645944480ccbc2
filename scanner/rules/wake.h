// What makes a rule worth judging: of its conditions, a set of which one must hold. A file that
// none of them speaks for costs the rule nothing.
#pragma once

#include <optional>
#include <vector>

#include "rules/when.h"

namespace backscan::rules {

/// How often clean files hold a condition, roughly.
enum class Commonness : std::uint8_t {
  kFact,   // facts are made for the few files that a sink or a packer was seen in
  kLong,   // a pattern with a literal of six bytes or more, or a long run
  kShort,  // with one of four
  kPath,
  kEverywhere,  // a pattern without any
};

struct Wake {
  std::vector<const Condition*> leaves;  // patterns and facts
  Commonness commonness = Commonness::kFact;
};

/// The rarest such set; nothing if the condition may hold with nothing speaking for it (`not`,
/// `size`).
[[nodiscard]] std::optional<Wake> wake_of(const Condition& condition);

/// How common matches of a pattern's literals are.
[[nodiscard]] Commonness commonness_of(const Condition& pattern);

}  // namespace backscan::rules

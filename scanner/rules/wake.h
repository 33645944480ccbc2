// What makes a rule worth judging: of its conditions, a set of which one must hold. A file that
// none of them speaks for costs the rule nothing.
#pragma once

#include <optional>
#include <vector>

#include "rules/when.h"

namespace backscan::rules {

struct Wake {
  std::vector<const Condition*> leaves;  // patterns and facts
  double rarity = 0;                     // of the most common leaf
};

/// The rarest such set; nothing if the condition may hold with nothing speaking for it (`not`,
/// `size`).
[[nodiscard]] std::optional<Wake> wake_of(const Condition& condition);

}  // namespace backscan::rules

// What the raw bytes of a file must hold before a rule over its views can hold: the trigger that
// each rule brings along. Views only fold what PHP folds, so a word of a view stands in the bytes
// too, unless it was split or escaped there: that is what kSignHidden is for (triggers.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/when.h"

namespace backscan::rules {

/// One of the words (lower case; found in any case) or of the signs must be there.
struct Clause {
  std::vector<std::string> words;
  std::uint32_t signs = 0;
};

/// All of these must be satisfied; the strongest few that are known. Empty where nothing is known:
/// then only the triggers of the table open the views for the rule.
[[nodiscard]] std::vector<Clause> clauses_of(const Condition& condition);

/// True if some condition looks at the `code` or `text` view.
[[nodiscard]] bool needs_views(const Condition& condition);

}  // namespace backscan::rules

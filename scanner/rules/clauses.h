// What the raw bytes of a file must hold before a rule over its views can hold: the trigger that
// each rule brings along. Views only fold what PHP folds, so a word of a view stands in the bytes
// too, unless it was split, escaped or commented apart there: that is what kSignHidden is for
// (triggers.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rules/when.h"

namespace backscan::rules {

/// One of the expressions (RE2 syntax) must match in the raw bytes. Without any the clause is about
/// what a later stage states: that stage opens the views itself, so the rule need not.
struct Clause {
  std::vector<std::string> expressions;
  std::size_t strength = 0;  // bytes of the shortest literal: the more, the rarer
};

/// One of these groups of clauses must be satisfied in full; of each the strongest few that are known.
/// A group is empty where nothing is known: then only the triggers of the table open the views.
[[nodiscard]] std::vector<std::vector<Clause>> alternatives_of(const Condition& condition);

/// True if some condition looks at the `code` or `text` view.
[[nodiscard]] bool needs_views(const Condition& condition);

/// Numbers of path patterns of which one must match; empty if the condition asks for none.
[[nodiscard]] std::vector<std::uint32_t> path_gate_of(const Condition& condition);

}  // namespace backscan::rules

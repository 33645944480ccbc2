// One finding a place: what a rule saw several times at the same spot (in two views, in several
// layers of one packed text, in two groups) is told once.
#pragma once

#include <cstddef>
#include <vector>

#include "rules/rule_set.h"

namespace backscan::rules {

/// Of the matches of one rule, those from index `first` on: drops repeated places and pattern
/// matches that overlap an earlier one; keeps at most kMaxPlaces.
void merge_places(std::vector<Match>& matches, std::size_t first);

}  // namespace backscan::rules

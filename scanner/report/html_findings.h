// The accounts' sections of the HTML report: the likeliest findings as articles, the rest as lines of
// text. Apart from the page, because these are the many, and how they are written decides how fast
// the page opens.
#pragma once

#include <string>
#include <vector>

#include "report/group.h"

namespace backscan::report {

/// HTML of all groups, in their order.
[[nodiscard]] std::string render_groups(const std::vector<Group>& groups);

}  // namespace backscan::report

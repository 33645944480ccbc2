// `--nice`: what a scheduled scan owes the sites that the machine serves.
#pragma once

namespace backscan::cli {

/// Lowest CPU and idle disk priority for this thread and those it starts from now on. Best effort: a
/// kernel that refuses changes nothing about the result.
void lower_priority();

}  // namespace backscan::cli

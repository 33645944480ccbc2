// Signs that have no literal to look for: words split over strings, letters picked by index, calls
// of what a variable names, long encoded runs. One pass by hand over the bytes that can begin one,
// since an automaton would have to step through every byte of every file for them.
#pragma once

#include <cstdint>
#include <string_view>

namespace backscan::rules {

/// The signs (triggers.h) that stand in `bytes`, read as PHP source whatever it is. Too generous:
/// strings and comments are looked at too. Linear time.
[[nodiscard]] std::uint32_t syntax_signs(std::string_view bytes);

}  // namespace backscan::rules

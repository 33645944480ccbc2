// Signs that have no literal to look for: letters picked by index, calls of what a variable names,
// long encoded runs. One pass by hand over the bytes that can begin one, since an automaton would
// have to step through every byte of every file for them.
#pragma once

#include <string_view>

#include "rules/rule_set.h"

namespace backscan::rules {

/// The signs (triggers.h) that stand in `code`, a code view: in its program, and encoded runs in its
/// strings. Linear time.
[[nodiscard]] Signs syntax_signs(std::string_view code);

/// Those in the bytes of a PHP file: twelve escapes in a row, hexadecimal or octal. Linear time.
[[nodiscard]] Signs escape_signs(std::string_view bytes);

}  // namespace backscan::rules

// ClamAV's body signatures (hexadecimal with wildcards, at an offset) as patterns of RE2 over bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace backscan::external {

/// The pattern of `hex`: `??`, `a?`, `?a`, `*`, `{n}`, `{n-m}`, `{-n}`, `{n-}`, `(aa|bb)` and, of single
/// bytes, `!(aa|bb)`. Gaps at either end say nothing and are left out. `offset`: `*`, a number,
/// `n,m` (from n, up to m further) or, for a signature of fixed length, `EOF-n`. The error says what
/// has no like in a pattern; its object is empty.
[[nodiscard]] Result<std::string> hex_pattern(std::string_view hex, std::string_view offset = "*");

}  // namespace backscan::external

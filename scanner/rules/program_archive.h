// A compiled Program as bytes, for the cache.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/program.h"

namespace backscan::rules {

[[nodiscard]] Result<std::string> to_bytes(Program& program);

/// Nothing if the bytes are not whole, point outside their own tables, or hold databases of another
/// library or CPU.
[[nodiscard]] std::optional<Program> program_of(std::string_view bytes);

}  // namespace backscan::rules

// Digests of rules: the version that results carry and caches are keyed by.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "rules/rule_files.h"

namespace backscan::rules {

/// SHA-256 in lower-case hex.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

/// Hex digest over the rules' texts and the choice made of them; 32 digits. Where the files lie
/// does not matter.
[[nodiscard]] std::string version_of(std::span<const RuleSource> sources,
                                     const LoadOptions& options);

}  // namespace backscan::rules

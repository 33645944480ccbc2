// Reading the rule files of others, whole and bounded, and what they include.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace backscan::external {

inline constexpr std::size_t kMaxYaraFileBytes = std::size_t{64} << 20;

/// The text of a file of at most kMaxYaraFileBytes at or below `directory` (canonical), symlinks resolved; an error elsewhere.
[[nodiscard]] Result<std::string> read_rule_file_below(const std::string& path,
                                                       const std::string& directory);

/// Writes a file in place and without waiting for the disk: for thousands of small ones that can be made
/// again.
[[nodiscard]] Result<void> write_small_file(const std::string& path, std::string_view text);

/// The canonical directory of a file.
[[nodiscard]] std::string directory_of(const std::string& file);

}  // namespace backscan::external

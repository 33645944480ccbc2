// Where a symlink leads, told from its text alone: nothing is followed.
#pragma once

#include <string>
#include <string_view>

#include "walk/walk.h"

namespace backscan::scan {

/// The text of the symlink, or "" where it cannot be read.
[[nodiscard]] std::string symlink_target(const walk::FileEntry& entry);

/// True if `target`, as the text of a symlink in `directory` below `root`, names something outside
/// `root`. Symlinks on its way are not looked at.
[[nodiscard]] bool leads_out(std::string_view root, std::string_view directory,
                             std::string_view target);

}  // namespace backscan::scan

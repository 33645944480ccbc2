// Writes a whole file so that a reader sees the old one or the new one, never half of it. Of base/
// because reports, baselines and caches all need it.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace backscan {

/// Writes `contents` beside `path`, syncs, and renames it over `path`, following a symlink at `path`
/// first. What is no regular file (a device, a pipe) is written to directly. A new file gets mode
/// 0666 less the umask; an old one keeps its mode. On failure nothing is left behind and the error
/// names `path`.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view contents);

}  // namespace backscan

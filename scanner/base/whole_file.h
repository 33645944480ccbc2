// Small files read whole: rules, keys, signatures, originals. What is scanned is read elsewhere
// (scan/file_reader.h, base/rooted_file.h).
#pragma once

#include <cstddef>
#include <string>

#include "base/error.h"

namespace backscan {

/// The bytes of a regular file of at most `max_bytes`; never waits for a FIFO or a terminal.
[[nodiscard]] Result<std::string> read_whole_file(const std::string& path, std::size_t max_bytes);

/// The same of what is open as `fd`; errors name `path`.
[[nodiscard]] Result<std::string> read_open_file(int fd, const std::string& path, std::size_t max_bytes);

}  // namespace backscan

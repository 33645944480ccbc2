// Reads the one file that a command was pointed at (`unpack`, `rules explain`): hostile like any
// other, so never more than a bound, never a device or a pipe.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <string>

#include "base/error.h"

namespace backscan::cli {

inline constexpr std::size_t kMaxOneFileBytes = std::size_t{64} << 20;

struct OneFile {
  std::string bytes;
  struct stat status {};
};

/// The whole of a regular file of at most kMaxOneFileBytes; a symlink given by name is followed.
[[nodiscard]] Result<OneFile> read_one_file(const std::string& path);

}  // namespace backscan::cli

// Reads a file that a scanned file includes by a literal path, for the flow analysis: below the
// file's own directory, through no symlink, and not much of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace backscan::scan {

/// The text of `literal_path` as seen from the directory `directory_fd`; nothing where it is
/// absolute, leads upwards or through a symlink, is no regular file or larger than 512 KiB.
[[nodiscard]] std::optional<std::string> read_neighbour(int directory_fd,
                                                        std::string_view literal_path);

}  // namespace backscan::scan

// Reads a file near a scanned one: what it includes by a literal path, for the flow analysis, or what
// tells the release that it belongs to. Below a directory, through no symlink, and not much of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace backscan::scan {

/// The text of `literal_path` as seen from the directory `directory_fd`; nothing where it is
/// absolute, leads upwards or through a symlink, is no regular file or larger than `max_bytes`.
[[nodiscard]] std::optional<std::string> read_neighbour(int directory_fd, std::string_view literal_path,
                                                        std::size_t max_bytes = std::size_t{512} << 10);

}  // namespace backscan::scan

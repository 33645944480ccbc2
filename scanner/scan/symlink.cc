// Path arithmetic is Boost.Filesystem's.
#include "scan/symlink.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/filesystem/path.hpp>

namespace backscan::scan {

std::string symlink_target(const walk::FileEntry& entry) {
  std::array<char, 4096> buffer;
  const ssize_t length =
      ::readlinkat(entry.directory_fd, entry.name, buffer.data(), buffer.size());
  return length < 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(length));
}

bool leads_out(std::string_view root, std::string_view directory, std::string_view target) {
  namespace fs = boost::filesystem;
  fs::path path{std::string(target)};
  if (path.is_relative())
    path = fs::path(std::string(root)) / std::string(directory) / path;
  const fs::path normal = path.lexically_normal();
  const fs::path base = fs::path(std::string(root)).lexically_normal();
  const auto [base_end, ignored] = std::ranges::mismatch(base, normal);
  return base_end != base.end();
}

}  // namespace backscan::scan

// Component by component, each with O_NOFOLLOW: what a scanned file says must not lead us out.
#include "scan/neighbour_reader.h"

#include <fcntl.h>

#include "base/unique_fd.h"
#include "base/whole_file.h"

namespace backscan::scan {

std::optional<std::string> read_neighbour(int directory_fd, std::string_view literal_path,
                                          std::size_t max_bytes) {
  if (literal_path.empty() || literal_path.front() == '/' ||
      literal_path.find('\0') != std::string_view::npos)
    return std::nullopt;
  UniqueFd at;
  int fd = directory_fd;
  for (std::string_view rest = literal_path; !rest.empty();) {
    const std::size_t slash = rest.find('/');
    const std::string part(rest.substr(0, slash));
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    if (part == "..") return std::nullopt;
    if (part.empty() || part == ".") continue;
    const int kind = rest.empty() ? O_RDONLY | O_NONBLOCK | O_NOCTTY : O_PATH | O_DIRECTORY;
    UniqueFd next(::openat(fd, part.c_str(), kind | O_NOFOLLOW | O_CLOEXEC));
    if (!next.valid()) return std::nullopt;
    at = std::move(next);
    fd = at.get();
  }
  if (!at.valid()) return std::nullopt;
  auto text = read_open_file(fd, std::string(literal_path), max_bytes);
  if (!text) return std::nullopt;
  return *std::move(text);
}

}  // namespace backscan::scan

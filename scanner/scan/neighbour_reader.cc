// Component by component, each with O_NOFOLLOW: what a scanned file says must not lead us out.
#include "scan/neighbour_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace backscan::scan {
namespace {
constexpr off_t kMaxNeighbourBytes = off_t{512} << 10;
}

std::optional<std::string> read_neighbour(int directory_fd, std::string_view literal_path) {
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
  struct stat status {};
  if (!at.valid() || ::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ||
      status.st_size > kMaxNeighbourBytes)
    return std::nullopt;
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t bytes = ::read(fd, text.data() + done, text.size() - done);
    if (bytes <= 0) break;
    done += static_cast<std::size_t>(bytes);
  }
  text.resize(done);
  return text;
}

}  // namespace backscan::scan

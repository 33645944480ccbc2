// See one_file.h.
#include "cli/one_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/unique_fd.h"

namespace backscan::cli {

Result<OneFile> read_one_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  OneFile file;
  if (fd.get() < 0 || ::fstat(fd.get(), &file.status) != 0) return system_error(path, errno);
  if (S_ISDIR(file.status.st_mode)) return system_error(path, EISDIR);
  if (!S_ISREG(file.status.st_mode)) return std::unexpected(Error{path, "not a regular file"});
  if (static_cast<std::size_t>(file.status.st_size) > kMaxOneFileBytes)
    return std::unexpected(Error{path, "larger than 64 MiB"});
  // It may grow or shrink meanwhile: read up to the bound, whatever the size said.
  constexpr std::size_t kPortion = std::size_t{256} << 10;
  for (std::size_t size = 0; size <= kMaxOneFileBytes;) {
    file.bytes.resize(size + kPortion);
    const ssize_t got = ::read(fd.get(), file.bytes.data() + size, kPortion);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(path, errno);
    size += static_cast<std::size_t>(got);
    file.bytes.resize(size);
    if (got == 0) return file;
  }
  return std::unexpected(Error{path, "larger than 64 MiB"});
}

}  // namespace backscan::cli

// See rule_file.h.
#include "external/rule_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>
#include <cerrno>

#include "base/unique_fd.h"

namespace backscan::external {

namespace fs = boost::filesystem;

Result<std::string> read_rule_file(const std::string& path, std::size_t max_bytes) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.valid()) return system_error(path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error(path, errno);
  if (S_ISDIR(status.st_mode)) return system_error(path, EISDIR);
  if (!S_ISREG(status.st_mode)) return std::unexpected(Error{path, "not a regular file"});
  const auto size = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
  if (size > max_bytes)
    return std::unexpected(Error{path, fmt::format("larger than {} bytes", max_bytes)});
  std::string text(size, '\0');
  std::size_t length = 0;
  while (length < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + length, text.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(path, errno);
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  text.resize(length);
  return text;
}

Result<std::string> read_rule_file_below(const std::string& path, const std::string& directory) {
  boost::system::error_code error;
  const fs::path resolved = fs::canonical(path, error);
  if (error) return std::unexpected(Error{path, error.message()});
  const fs::path below = resolved.lexically_relative(directory);
  if (below.empty() || *below.begin() == "..")
    return std::unexpected(Error{path, "lies outside of " + directory});
  return read_rule_file(resolved.string());
}

Result<void> write_small_file(const std::string& path, std::string_view text) {
  constexpr mode_t kMode = 0666;
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kMode));
  if (!file.valid()) return system_error(path, errno);
  while (!text.empty()) {
    const ssize_t done = ::write(file.get(), text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return system_error(path, errno);
    text.remove_prefix(static_cast<std::size_t>(done));
  }
  return {};
}

std::string directory_of(const std::string& file) {
  boost::system::error_code error;
  const fs::path resolved = fs::canonical(file, error);
  return error ? std::string(".") : resolved.parent_path().string();
}

}  // namespace backscan::external

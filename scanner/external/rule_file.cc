// See rule_file.h.
#include "external/rule_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>
#include <cerrno>

#include "base/unique_fd.h"
#include "base/whole_file.h"

namespace backscan::external {

namespace fs = boost::filesystem;

Result<std::string> read_rule_file_below(const std::string& path, const std::string& directory) {
  boost::system::error_code error;
  const fs::path resolved = fs::canonical(path, error);
  if (error) return std::unexpected(Error{path, error.message()});
  const fs::path below = resolved.lexically_relative(directory);
  if (below.empty() || *below.begin() == "..")
    return std::unexpected(Error{path, "lies outside of " + directory});
  return read_whole_file(resolved.string(), kMaxYaraFileBytes);
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

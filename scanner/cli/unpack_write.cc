// Layers to files. They are malware in clear text: names come from backscan alone, the files are
// for their owner only, and nothing that is there is touched.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/unique_fd.h"
#include "cli/unpack_output.h"

namespace backscan::cli {
namespace {

Result<void> write_new(int directory, const std::string& name, std::string_view text,
                       const std::string& path) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const UniqueFd fd(::openat(directory, name.c_str(), kFlags, 0600));
  if (fd.get() < 0) return system_error(path, errno);
  while (!text.empty()) {
    const ssize_t put = ::write(fd.get(), text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_error(path, errno);
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> write_layers(const std::vector<Layer>& layers,
                                              const std::string& directory) {
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    return system_error(directory, errno);
  const UniqueFd fd(
      ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (fd.get() < 0) return system_error(directory, errno);
  const int digits = layers.size() > 99 ? 3 : 2;
  std::vector<std::string> written;
  for (const Layer& layer : layers) {
    const std::string name = fmt::format("layer-{:0{}}.txt", written.size() + 1, digits);
    std::string path = directory + (directory.ends_with('/') ? "" : "/") + name;
    if (const auto done = write_new(fd.get(), name, layer.text, path); !done)
      return std::unexpected(done.error());
    written.push_back(std::move(path));
  }
  return written;
}

}  // namespace backscan::cli

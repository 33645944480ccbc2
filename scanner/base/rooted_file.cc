// openat2(2) has no wrapper in glibc 2.36, so the system call is made here and nowhere else.
#include "base/rooted_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <memory>
#include <optional>

namespace backscan {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

void split_parts(std::string_view path, std::vector<std::string>& parts) {
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (!part.empty()) parts.emplace_back(part);
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
}

/// The path that the kernel knows for a descriptor.
std::optional<std::string> path_of(int fd) {
  std::string path(PATH_MAX, '\0');
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t length = ::readlink(link.c_str(), path.data(), path.size());
  if (length <= 0) return std::nullopt;
  path.resize(static_cast<std::size_t>(length));
  return path;
}

}  // namespace

Result<RootedDirectory> RootedDirectory::open(std::string_view root) {
  std::string text(root);
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  UniqueFd fd(::open(text.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return system_error(root, errno);
  return RootedDirectory(std::move(text), std::move(fd));
}

Result<UniqueFd> RootedDirectory::open_at(std::string_view path, int flags) const {
  const std::string text(path);
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  const long fd = ::syscall(SYS_openat2, fd_.get(), text.c_str(), &how, sizeof how);
  if (fd < 0) return system_error(path, errno);
  return UniqueFd(static_cast<int>(fd));
}

Result<UniqueFd> RootedDirectory::open_file(std::string_view path) const {
  // O_NONBLOCK: a FIFO planted under the name of a configuration file must not hang the reader.
  auto fd = open_at(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!fd) return fd;
  struct stat info{};
  if (::fstat(fd->get(), &info) != 0) return system_error(path, errno);
  if (!S_ISREG(info.st_mode))
    return std::unexpected(Error{std::string(path), "not a regular file"});
  return fd;
}

Result<std::string> RootedDirectory::read(std::string_view path, std::size_t max_bytes) const {
  const auto fd = open_file(path);
  if (!fd) return std::unexpected(fd.error());
  std::string text;
  constexpr std::size_t kChunk = std::size_t{64} << 10;
  while (true) {
    const std::size_t before = text.size();
    text.resize(before + kChunk);
    const ssize_t got = ::read(fd->get(), text.data() + before, kChunk);
    if (got < 0 && errno == EINTR) {
      text.resize(before);
      continue;
    }
    if (got < 0) return system_error(path, errno);
    text.resize(before + static_cast<std::size_t>(got));
    if (got == 0) return text;
    if (text.size() > max_bytes)
      return std::unexpected(
          Error{std::string(path), "larger than " + std::to_string(max_bytes) + " bytes"});
  }
}

Result<std::vector<std::string>> RootedDirectory::list(std::string_view path,
                                                       std::size_t max_entries) const {
  auto fd = open_at(path, O_RDONLY | O_DIRECTORY);
  if (!fd) return std::unexpected(fd.error());
  const std::unique_ptr<DIR, CloseDirectory> directory(::fdopendir(fd->get()));
  if (!directory) return system_error(path, errno);
  (void)fd->release();  // the DIR owns it now
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (names.size() == max_entries)
      return std::unexpected(Error{std::string(path), "more than " + std::to_string(max_entries) +
                                                          " entries"});
    names.emplace_back(name);
  }
  if (errno != 0) return system_error(path, errno);
  std::ranges::sort(names);
  return names;
}

Result<struct stat> RootedDirectory::status(std::string_view path) const {
  const auto fd = open_at(path, O_PATH);
  if (!fd) return std::unexpected(fd.error());
  struct stat info{};
  if (::fstat(fd->get(), &info) != 0) return system_error(path, errno);
  return info;
}

Result<std::string> RootedDirectory::real_path(std::string_view path) const {
  const auto fd = open_at(path, O_PATH);
  if (!fd) return std::unexpected(fd.error());
  const auto real_root = path_of(fd_.get());
  auto real = path_of(fd->get());
  if (!real_root || !real) return system_error(path, errno);
  if (*real_root == "/") return *real;
  // Moved out of the root between the two calls: no path of the host any more.
  if (*real != *real_root && !real->starts_with(*real_root + '/'))
    return system_error(path, ENOENT);
  real->erase(0, real_root->size());
  if (real->empty()) return "/";
  return std::move(*real);
}

bool RootedDirectory::is_file(std::string_view path) const { return open_file(path).has_value(); }

bool RootedDirectory::is_directory(std::string_view path) const {
  return open_at(path, O_PATH | O_DIRECTORY).has_value();
}

std::vector<std::string> RootedDirectory::glob(std::string_view pattern,
                                               std::size_t max_matches) const {
  std::vector<std::string> parts;
  split_parts(pattern, parts);
  std::vector<std::string> bases = {""};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool is_last = i + 1 == parts.size();
    const bool is_wild = parts[i].find_first_of("*?[") != std::string::npos;
    std::vector<std::string> next;
    for (const std::string& base : bases) {
      if (!is_wild) {
        next.push_back(base + '/' + parts[i]);
        continue;
      }
      const auto names = list(base.empty() ? "/" : base);
      if (!names) continue;
      for (const std::string& name : *names) {
        if (next.size() == max_matches) break;
        if (::fnmatch(parts[i].c_str(), name.c_str(), FNM_PERIOD) == 0)
          next.push_back(base + '/' + name);
      }
    }
    bases.clear();
    for (std::string& candidate : next)
      if (is_last ? open_at(candidate, O_PATH).has_value() : is_directory(candidate))
        bases.push_back(std::move(candidate));
  }
  return bases;
}

}  // namespace backscan

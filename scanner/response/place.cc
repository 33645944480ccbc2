// Part by part with O_NOFOLLOW: what openat2 would do, also where a seccomp filter forbids it.
#include "response/place.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <string_view>

namespace backscan::response {
namespace {

bool is_plain(std::string_view relative) {
  while (true) {
    const std::size_t end = relative.find('/');
    const std::string_view part = relative.substr(0, end);
    if (part.empty() || part == "." || part == "..") return false;
    if (end == std::string_view::npos) return true;
    relative.remove_prefix(end + 1);
  }
}

Result<UniqueFd> open_directory(int parent, const std::string& name, int flags,
                                const std::string& label) {
  UniqueFd fd(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags));
  if (fd.valid()) return fd;
  if (errno == ELOOP || errno == ENOTDIR)
    return std::unexpected(Error{label, "\"" + name + "\" in its path is a symlink or no directory"});
  return system_error(label, errno);
}

}  // namespace

std::string Target::path() const { return root == "/" ? root + relative : root + "/" + relative; }

Result<Target> target_of(const std::string& root, const std::string& path) {
  if (!path.starts_with('/')) return std::unexpected(Error{path, "must be an absolute path"});
  Target target;
  if (path == root || root.empty()) {
    const std::size_t slash = path.rfind('/');
    target = {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
  } else {
    const std::string prefix = root.ends_with('/') ? root : root + "/";
    if (!path.starts_with(prefix))
      return std::unexpected(Error{path, "does not lie below its root " + root});
    target = {root.size() > 1 && root.ends_with('/') ? root.substr(0, root.size() - 1) : root,
              path.substr(prefix.size())};
  }
  if (!is_plain(target.relative) || path.find('\0') != std::string::npos)
    return std::unexpected(Error{path, "is not a plain path of a file"});
  return target;
}

Result<Place> open_place(const Target& target) {
  const std::string label = target.path();
  auto directory = open_directory(AT_FDCWD, target.root, 0, label);
  if (!directory) return std::unexpected(directory.error());
  std::string_view rest = target.relative;
  for (std::size_t end = 0; (end = rest.find('/')) != std::string_view::npos;
       rest.remove_prefix(end + 1)) {
    directory = open_directory(directory->get(), std::string(rest.substr(0, end)), O_NOFOLLOW, label);
    if (!directory) return std::unexpected(directory.error());
  }
  return Place{*std::move(directory), std::string(rest)};
}

Result<UniqueFd> open_regular(int directory, const std::string& name, const std::string& label) {
  UniqueFd fd(::openat(directory, name.c_str(),
                       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd.valid() && errno == ELOOP) return std::unexpected(Error{label, "is a symlink"});
  if (!fd.valid()) return system_error(label, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return system_error(label, errno);
  if (!S_ISREG(status.st_mode)) return std::unexpected(Error{label, "is no regular file"});
  return fd;
}

}  // namespace backscan::response

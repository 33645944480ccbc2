// rename(2) is what makes it whole; a device is never renamed over (`-o /dev/full` as root would
// replace the device).
#include "base/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "base/unique_fd.h"

namespace backscan {
namespace {

/// errno, or 0.
int write_all(int fd, std::string_view contents) {
  while (!contents.empty()) {
    const ssize_t written = ::write(fd, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    contents.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

Result<void> write_in_place(const std::string& path, std::string_view contents) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd.valid()) return system_error(path, errno);
  if (const int error = write_all(fd.get(), contents); error != 0) return system_error(path, error);
  return {};
}

mode_t current_umask() {
  const mode_t mask = ::umask(077);
  ::umask(mask);
  return mask;
}

int write_beside(const std::string& beside, int fd, mode_t mode, std::string_view contents,
                 const std::string& target) {
  if (::fchmod(fd, mode) != 0) return errno;
  if (const int error = write_all(fd, contents); error != 0) return error;
  if (::fsync(fd) != 0) return errno;
  return ::rename(beside.c_str(), target.c_str()) == 0 ? 0 : errno;
}

}  // namespace

Result<void> write_file(const std::string& path, std::string_view contents) {
  std::string target = path;
  struct stat old {};
  mode_t mode = 0666 & ~current_umask();
  if (::stat(path.c_str(), &old) == 0) {
    if (S_ISDIR(old.st_mode)) return system_error(path, EISDIR);
    if (!S_ISREG(old.st_mode)) return write_in_place(path, contents);
    mode = old.st_mode & 07777;
    boost::system::error_code error;
    const boost::filesystem::path resolved = boost::filesystem::canonical(path, error);
    if (!error) target = resolved.string();
  }
  std::string beside = target + ".XXXXXX";
  const UniqueFd fd(::mkostemp(beside.data(), O_CLOEXEC));
  if (!fd.valid()) return system_error(path, errno);
  const int error = write_beside(beside, fd.get(), mode, contents, target);
  if (error == 0) return {};
  ::unlink(beside.c_str());
  return system_error(path, error);
}

}  // namespace backscan

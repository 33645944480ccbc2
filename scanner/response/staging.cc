// renameat2(2) with RENAME_NOREPLACE and RENAME_EXCHANGE is what makes a name's change one step.
#include "response/staging.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "response/file_state.h"
#include "response/place.h"

namespace backscan::response {
namespace {

bool is_unsupported(int error_number) {
  return error_number == EINVAL || error_number == ENOSYS || error_number == EOPNOTSUPP ||
         error_number == EISDIR;
}

}  // namespace

std::string staging_name(const std::string& id) { return ".backscan-" + id; }

Result<NewFile> NewFile::create(int directory, const std::string& staging,
                                const std::string& label) {
  NewFile file;
  file.directory_ = directory;
  file.fd_.reset(::openat(directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file.fd_.valid()) return file;
  if (!is_unsupported(errno)) return system_error(label, errno);
  file.fd_.reset(::openat(directory, staging.c_str(),
                          O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.fd_.valid()) return system_error(label, errno);
  file.named_ = staging;
  return file;
}

NewFile::NewFile(NewFile&& other) noexcept
    : directory_(other.directory_),
      fd_(std::move(other.fd_)),
      named_(std::exchange(other.named_, {})) {}

NewFile::~NewFile() {
  if (!named_.empty()) ::unlinkat(directory_, named_.c_str(), 0);
}

Result<void> NewFile::link_as(const std::string& name, const std::string& label) {
  if (!named_.empty()) {
    if (name != named_)
      if (auto moved = put_back(directory_, named_, name, label); !moved) return moved;
    named_.clear();
    return {};
  }
  // AT_EMPTY_PATH is for root; /proc serves everyone.
  if (::linkat(fd_.get(), "", directory_, name.c_str(), AT_EMPTY_PATH) == 0) return {};
  if (errno == EEXIST) return system_error(label, EEXIST);
  const std::string by_descriptor = "/proc/self/fd/" + std::to_string(fd_.get());
  if (::linkat(AT_FDCWD, by_descriptor.c_str(), directory_, name.c_str(), AT_SYMLINK_FOLLOW) == 0)
    return {};
  return system_error(label, errno);
}

Result<void> take_away(int directory, const std::string& name, const std::string& staging,
                       const std::string& label) {
  const char* const from = name.c_str();
  const char* const to = staging.c_str();
  if (::renameat2(directory, from, directory, to, RENAME_NOREPLACE) == 0) return {};
  // NFS knows no flags.
  if (is_unsupported(errno) && ::renameat(directory, from, directory, to) == 0) return {};
  return system_error(label, errno);
}

Result<void> put_back(int directory, const std::string& staging, const std::string& name,
                      const std::string& label) {
  const char* const from = staging.c_str();
  const char* const to = name.c_str();
  if (::renameat2(directory, from, directory, to, RENAME_NOREPLACE) == 0) return {};
  // linkat refuses an existing name, too, but is a step of its own.
  if (is_unsupported(errno) && ::linkat(directory, from, directory, to, 0) == 0 &&
      ::unlinkat(directory, from, 0) == 0)
    return {};
  return system_error(label, errno);
}

Result<void> swap_names(int directory, const std::string& a, const std::string& b,
                        const std::string& label) {
  if (::renameat2(directory, a.c_str(), directory, b.c_str(), RENAME_EXCHANGE) == 0) return {};
  if (is_unsupported(errno))
    return std::unexpected(
        Error{label, "this file system cannot exchange two files; quarantine this one and put the "
                     "clean one in its place"});
  return system_error(label, errno);
}

Result<void> remove_known(int directory, const std::string& name,
                          const std::vector<std::string>& known, const std::string& label) {
  const auto fd = open_regular(directory, name, label);
  if (!fd) return std::unexpected(fd.error());
  const auto state = read_state(fd->get(), label);
  if (!state) return std::unexpected(state.error());
  if (std::ranges::find(known, state->sha256) == known.end())
    return std::unexpected(Error{label, "\"" + name + "\" beside it holds something unknown"});
  if (::unlinkat(directory, name.c_str(), 0) != 0) return system_error(label, errno);
  return {};
}

void sync_directory(int directory) { (void)::fsync(directory); }

}  // namespace backscan::response

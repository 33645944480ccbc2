// Status, extended attributes, inode flags and content of an open file.
#include "response/file_state.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "response/content_digest.h"

namespace backscan::response {
namespace {

constexpr std::uint32_t kKnownFlags = FS_IMMUTABLE_FL | FS_APPEND_FL;
constexpr std::size_t kBlockBytes = std::size_t{128} << 10;

Stamp stamp_of(const timespec& time) { return {time.tv_sec, time.tv_nsec}; }
timespec timespec_of(const Stamp& stamp) {
  return {.tv_sec = stamp.seconds, .tv_nsec = stamp.nanoseconds};
}

Result<std::string> read_xattr(int fd, const std::string& name, const std::string& label) {
  // Grows between the two calls are tried again by the caller's error.
  const ssize_t size = ::fgetxattr(fd, name.c_str(), nullptr, 0);
  if (size < 0) return system_error(label, errno);
  std::string value(static_cast<std::size_t>(size), '\0');
  const ssize_t got = ::fgetxattr(fd, name.c_str(), value.data(), value.size());
  if (got < 0) return system_error(label, errno);
  value.resize(static_cast<std::size_t>(got));
  return value;
}

Result<std::vector<Xattr>> read_xattrs(int fd, const std::string& label) {
  std::vector<Xattr> xattrs;
  const ssize_t size = ::flistxattr(fd, nullptr, 0);
  if (size < 0 && errno == ENOTSUP) return xattrs;
  if (size < 0) return system_error(label, errno);
  std::string names(static_cast<std::size_t>(size), '\0');
  const ssize_t got = ::flistxattr(fd, names.data(), names.size());
  if (got < 0) return system_error(label, errno);
  names.resize(static_cast<std::size_t>(got));
  for (std::size_t at = 0; at < names.size();) {
    const std::string name = names.c_str() + at;
    at += name.size() + 1;
    auto value = read_xattr(fd, name, label);
    if (!value) return std::unexpected(value.error());
    xattrs.push_back({name, *std::move(value)});
  }
  std::ranges::sort(xattrs, {}, &Xattr::name);
  return xattrs;
}

/// 0 where the file system knows no flags.
std::uint32_t read_flags(int fd) {
  int flags = 0;
  return ::ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 ? static_cast<std::uint32_t>(flags) : 0U;
}

/// Calls `take` with block after block from the start on.
template <typename Take>
Result<void> read_blocks(int fd, const std::string& label, Take take) {
  std::string block(kBlockBytes, '\0');
  off_t at = 0;
  while (true) {
    const ssize_t got = ::pread(fd, block.data(), block.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(label, errno);
    if (got == 0) return {};
    at += got;
    if (auto taken = take(std::string_view(block).substr(0, static_cast<std::size_t>(got))); !taken)
      return taken;
  }
}

}  // namespace

bool FileState::is_same_file(const FileState& other) const {
  return device == other.device && inode == other.inode && size == other.size &&
         uid == other.uid && gid == other.gid && mode == other.mode &&
         modified == other.modified && sha256 == other.sha256;
}

Result<FileState> read_state(int fd, const std::string& label) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return system_error(label, errno);
  FileState state{.device = status.st_dev,
                  .inode = status.st_ino,
                  .links = status.st_nlink,
                  .size = static_cast<std::uint64_t>(status.st_size),
                  .uid = status.st_uid,
                  .gid = status.st_gid,
                  .mode = status.st_mode & 07777U,
                  .flags = read_flags(fd) & kKnownFlags,
                  .accessed = stamp_of(status.st_atim),
                  .modified = stamp_of(status.st_mtim)};
  auto xattrs = read_xattrs(fd, label);
  if (!xattrs) return std::unexpected(xattrs.error());
  state.xattrs = *std::move(xattrs);
  ContentDigest digest;
  if (auto read = read_blocks(fd, label,
                              [&](std::string_view block) -> Result<void> {
                                digest.add(block);
                                return {};
                              });
      !read)
    return std::unexpected(read.error());
  state.sha256 = digest.hex();
  return state;
}

Result<std::vector<std::string>> apply_owner_and_mode(int fd, const FileState& state,
                                                      const std::string& label) {
  std::vector<std::string> lost;
  // The owner first: changing it takes setuid bits away.
  if (::fchown(fd, state.uid, state.gid) != 0) return system_error(label, errno);
  if (::fchmod(fd, state.mode) != 0) return system_error(label, errno);
  for (const Xattr& xattr : state.xattrs) {
    if (::fsetxattr(fd, xattr.name.c_str(), xattr.value.data(), xattr.value.size(), 0) == 0) continue;
    // A full or broken disk is no reason to go on without it; a file system that has none is.
    if (errno != ENOTSUP && errno != EPERM && errno != EACCES) return system_error(label, errno);
    lost.push_back(fmt::format("extended attribute {}: {}", xattr.name, errno_text(errno)));
  }
  return lost;
}

Result<void> apply_times(int fd, const FileState& state, const std::string& label) {
  const timespec times[2] = {timespec_of(state.accessed), timespec_of(state.modified)};
  if (::futimens(fd, times) != 0) return system_error(label, errno);
  return {};
}

Result<void> set_flags(int fd, std::uint32_t flags, const std::string& label) {
  int value = static_cast<int>((read_flags(fd) & ~kKnownFlags) | flags);
  if (::ioctl(fd, FS_IOC_SETFLAGS, &value) != 0) return system_error(label, errno);
  return {};
}

Result<std::string> copy_content(int from, int to, const std::string& label) {
  ContentDigest digest;
  auto copied = read_blocks(from, label, [&](std::string_view block) {
    digest.add(block);
    return write_all(to, block, label);
  });
  if (!copied) return std::unexpected(copied.error());
  return digest.hex();
}

bool is_beginning(int part, int whole) {
  std::string expected(kBlockBytes, '\0');
  off_t at = 0;
  const auto same = read_blocks(part, {}, [&](std::string_view block) -> Result<void> {
    const ssize_t got = ::pread(whole, expected.data(), block.size(), at);
    if (got < 0 || std::string_view(expected).substr(0, static_cast<std::size_t>(got)) != block)
      return std::unexpected(Error{});
    at += got;
    return {};
  });
  return same.has_value();
}

Result<void> write_all(int fd, std::string_view bytes, const std::string& label) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_error(label, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::string> read_all(int fd, std::uint64_t max_bytes, const std::string& label) {
  std::string all;
  auto read = read_blocks(fd, label, [&](std::string_view block) -> Result<void> {
    if (all.size() + block.size() > max_bytes)
      return std::unexpected(Error{label, fmt::format("is larger than {} bytes", max_bytes)});
    all += block;
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return all;
}

}  // namespace backscan::response

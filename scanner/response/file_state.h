// Everything about a file that a restore must bring back, read from and applied to a descriptor.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace backscan::response {

/// As the kernel has it: wider than model's Time, which a hostile time stamp would overflow.
struct Stamp {
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
  bool operator==(const Stamp&) const = default;
};

struct Xattr {
  std::string name;
  std::string value;
  bool operator==(const Xattr&) const = default;
};

struct FileState {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t links = 0;
  std::uint64_t size = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint32_t mode = 0;   // permission bits, 07777
  std::uint32_t flags = 0;  // chattr's immutable and append-only, as FS_IOC_GETFLAGS has them
  Stamp accessed;
  Stamp modified;
  std::vector<Xattr> xattrs;  // by name
  std::string sha256;

  /// The same inode with the same content, owner, mode and time of change.
  [[nodiscard]] bool is_same_file(const FileState& other) const;
};

/// Reads all of it, the content included. `label` is what errors name.
[[nodiscard]] Result<FileState> read_state(int fd, const std::string& label);

/// Owner, mode and extended attributes onto a new file. What the file system does not take comes
/// back as sentences; owner and mode are errors.
[[nodiscard]] Result<std::vector<std::string>> apply_owner_and_mode(int fd, const FileState& state,
                                                                    const std::string& label);
[[nodiscard]] Result<void> apply_times(int fd, const FileState& state, const std::string& label);

/// Sets chattr's immutable and append-only to what `flags` says, leaving the rest as it is.
[[nodiscard]] Result<void> set_flags(int fd, std::uint32_t flags, const std::string& label);

/// All bytes of `from`, read from its start, into `to`; gives the SHA-256 of what was copied.
[[nodiscard]] Result<std::string> copy_content(int from, int to, const std::string& label);
/// Whether the content of `part` is what the content of `whole` begins with.
[[nodiscard]] bool is_beginning(int part, int whole);
[[nodiscard]] Result<void> write_all(int fd, std::string_view bytes, const std::string& label);
/// Errors: larger than `max_bytes`.
[[nodiscard]] Result<std::string> read_all(int fd, std::uint64_t max_bytes,
                                           const std::string& label);

}  // namespace backscan::response

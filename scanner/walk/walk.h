// Roots and filters to files: a parallel, descriptor-relative walk that never follows a symlink
// inside a root, never leaves the root, and turns whatever it cannot enter into an error.
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/scan_result.h"

namespace backscan::walk {

enum class FollowSymlinks : std::uint8_t { kNever, kArgs, kAlways };

/// A K-th of N disjoint parts, 1-based; {1, 1} is everything.
struct Shard {
  std::uint32_t k = 1;
  std::uint32_t n = 1;
};

struct WalkOptions {
  std::vector<std::string> roots;  // as given; a file is a root of one entry
  std::vector<std::string> include;  // globs on the path below the root or on the name
  std::vector<std::string> exclude;
  std::optional<std::uint32_t> max_depth;  // 0: only the roots' own entries
  std::optional<std::chrono::sys_seconds> newer_than;  // by ctime
  FollowSymlinks follow = FollowSymlinks::kArgs;
  bool one_file_system = false;
  Shard shard;
  /// Each root is one account's (`--accounts`): a root goes to one shard as a whole. Otherwise the
  /// first name below the root decides, so that /home is split by account.
  bool shard_by_root = false;
};

/// Whether every include and exclude glob compiles; for the command line to refuse a bad one.
[[nodiscard]] Result<void> check_globs(const WalkOptions& options);

/// One regular file met by the walk. Valid only during the visit; open it with
/// openat(directory_fd, name, O_RDONLY|O_NOFOLLOW|O_NONBLOCK|O_CLOEXEC).
struct FileEntry {
  int directory_fd = -1;
  const char* name = nullptr;          // raw bytes, no '/'
  std::string_view directory;          // below the root, "" for the root itself, no trailing '/'
  std::string_view root;               // absolute path of the root; of a file root its directory
  bool is_symlink_target = false;      // `name` is a symlink to be followed: open without O_NOFOLLOW

  [[nodiscard]] std::string relative_path() const;
  [[nodiscard]] std::string path() const;  // absolute
};

/// Called on many threads at once; `thread` state is the visitor's own business (tbb
/// enumerable_thread_specific). Returning false stops the walk (time limit, interrupt).
class Visitor {
 public:
  virtual ~Visitor() = default;
  virtual bool on_file(const FileEntry& entry) = 0;
  virtual void on_error(ErrorRecord error) = 0;
  /// Reasons: "excluded", "not-included", "not-newer", "too-deep", "other-file-system", "symlink",
  /// "broken-symlink", "fifo", "socket", "device". A directory counts once, whatever it holds.
  virtual void on_skipped(std::string_view reason, const FileEntry& entry) = 0;
  virtual void on_directory() = 0;
};

/// Walks every root on the calling task arena. Missing roots and denied directories become errors,
/// entries that vanish while being looked at become notes; the rest of the walk goes on. A directory
/// below one root that is itself a root is visited once, as that root. No more than about 500
/// directory descriptors are open at any time, whatever the tree.
void walk(const WalkOptions& options, Visitor& visitor);

}  // namespace backscan::walk

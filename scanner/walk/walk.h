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
};

/// One regular file met by the walk. Valid only during the visit; open it with
/// openat(directory_fd, name, O_RDONLY|O_NOFOLLOW|O_NONBLOCK|O_CLOEXEC).
struct FileEntry {
  int directory_fd = -1;
  const char* name = nullptr;          // raw bytes, no '/'
  std::string_view directory;          // below the root, "" for the root itself, no trailing '/'
  std::string_view root;               // absolute path of the root
  bool is_symlink_target = false;      // reached through --follow-symlinks always

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
  virtual void on_skipped(std::string_view reason, std::string_view root,
                          std::string_view relative_path) = 0;
  virtual void on_directory() = 0;
};

/// Walks every root on the calling task arena. Missing roots, denied directories and entries that
/// vanish while being looked at become errors; the rest of the walk goes on.
void walk(const WalkOptions& options, Visitor& visitor);

}  // namespace backscan::walk

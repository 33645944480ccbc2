// A directory of the walk: a node that knows its parent, its descriptor while there are enough, and
// the names of its subdirectories still to be entered. Its own file because the life of descriptors
// is a subject of its own: a hostile tree may be deeper than any descriptor limit.
#pragma once

#include <atomic>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "walk/roots.h"

namespace backscan::walk {

/// Decides which directories may keep their descriptor while subdirectories wait.
class DescriptorBudget {
 public:
  /// At most `limit` are kept.
  explicit DescriptorBudget(int limit) : limit_(limit) {}
  /// The fuller the budget, the fewer levels keep a descriptor: each eighth that is used makes the
  /// distance between them four times as long. So a million levels fit, and reopening one costs a
  /// fraction of its depth.
  [[nodiscard]] bool may_keep(std::uint32_t depth) const;
  /// How many more may be kept.
  [[nodiscard]] std::size_t free() const;

 private:
  friend class OpenDirectory;
  int limit_;
  std::atomic<int> open_{0};  // shared by all workers; a stale value only shifts the spacing
};

/// An open directory, shared by all who read names in it; closed with the last of them.
class OpenDirectory {
 public:
  OpenDirectory(UniqueFd fd, DescriptorBudget& budget) : fd_(std::move(fd)), budget_(budget) {
    budget_.open_.fetch_add(1, std::memory_order_relaxed);
  }
  ~OpenDirectory() { budget_.open_.fetch_sub(1, std::memory_order_relaxed); }
  OpenDirectory(const OpenDirectory&) = delete;
  OpenDirectory& operator=(const OpenDirectory&) = delete;
  [[nodiscard]] int get() const { return fd_.get(); }

 private:
  UniqueFd fd_;
  DescriptorBudget& budget_;
};
using DirectoryHandle = std::shared_ptr<const OpenDirectory>;

class Directory;
using DirectoryPtr = boost::intrusive_ptr<const Directory>;

/// Written by the one task that opens and reads it, but for the kept handle immutable once other
/// tasks can see it.
class Directory {
 public:
  const Root* root = nullptr;
  DirectoryPtr parent;         // null: the root itself
  const char* name = nullptr;  // in the parent's list of names
  std::uint32_t depth = 0;     // below the root
  Identity identity;
  bool is_included = false;    // an include glob matched it or one above

  void add_subdirectory(std::string_view subdirectory);
  [[nodiscard]] std::uint32_t subdirectories() const {
    return static_cast<std::uint32_t>(offsets_.size());
  }
  [[nodiscard]] const char* subdirectory(std::uint32_t i) const {
    return names_.data() + offsets_[i];
  }

  /// Keeps `handle` until each subdirectory has been opened.
  void keep(DirectoryHandle handle);
  /// To be said once for each subdirectory, opened or not.
  void subdirectory_done() const;
  /// A descriptor for it, reopened from the nearest ancestor that has one where none is kept; what
  /// the budget allows is kept on the way, for the siblings that will come the same way. The error
  /// value is errno; ESTALE: it is no longer the directory it was.
  [[nodiscard]] std::expected<DirectoryHandle, int> open(DescriptorBudget& budget) const;

  /// Below the root: "" for the root itself.
  [[nodiscard]] std::string path() const;
  /// True if it or one of the directories above is `candidate`: entering that would be a loop.
  [[nodiscard]] bool is_within(const Identity& candidate) const;

 private:
  friend void intrusive_ptr_add_ref(const Directory* directory);
  friend void intrusive_ptr_release(const Directory* directory);
  std::string names_;  // NUL-terminated, one after the other
  std::vector<std::size_t> offsets_;
  // Atomic: siblings on other threads use them while the last one to be opened lets go.
  mutable std::atomic<DirectoryHandle> kept_;
  mutable std::atomic<std::uint32_t> waiting_{0};
  mutable std::atomic<std::uint32_t> references_{0};
};

/// Opens `name` below `directory_fd` for reading as a directory, never through a symlink; raises the
/// soft limit of descriptors once it is reached. The error value is errno.
[[nodiscard]] std::expected<UniqueFd, int> open_directory(int directory_fd, const char* name,
                                                          int extra_flags = 0);

/// The identity of what `fd` is open on.
[[nodiscard]] Identity identity_of(int fd);

}  // namespace backscan::walk

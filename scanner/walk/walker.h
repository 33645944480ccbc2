// The parallel walk itself: one task per directory, chunks of files within huge ones.
#pragma once

#include <tbb/enumerable_thread_specific.h>
#include <tbb/task_group.h>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "walk/directory.h"
#include "walk/entry_reader.h"
#include "walk/filter.h"
#include "walk/roots.h"
#include "walk/walk.h"

namespace backscan::walk {

/// A chunk is what one task scans of a huge directory: one task per file costs more than the scan.
inline constexpr std::size_t kChunkFiles = 64;

/// `directory` and `name` with a '/' between them where `directory` is not empty.
[[nodiscard]] std::string joined(std::string_view directory, std::string_view name);

class Walker {
 public:
  Walker(const WalkOptions& options, const Filter& filter, const Roots& roots, Visitor& visitor);
  void run();

 private:
  /// A directory while its entries are read.
  struct Reading {
    Directory& directory;
    const DirectoryHandle& handle;
    const std::string& path;
    std::string names = {};      // files of the chunk being filled, NUL-terminated
    std::size_t files = 0;  // in `names`
    std::shared_ptr<const std::string> shared_path = {};  // made with the first chunk handed on
    const std::set<std::string, std::less<>>* file_roots = nullptr;  // left out, see roots.h

    [[nodiscard]] FileEntry entry(const char* name) const;
  };

  // Tasks (walker.cc).
  void start(const Root& root);
  void walk_files(const RootFiles& files);
  void visit_root_file(const RootFiles& files, std::size_t index, int fd);
  void walk_links();
  /// Enters the subdirectories [first, last) of `parent` and all that is below them.
  void walk_range(DirectoryPtr parent, std::uint32_t first, std::uint32_t last);
  /// Offers all of [first, last) but the first to other threads, by halves.
  void share(const DirectoryPtr& parent, std::uint32_t first, std::uint32_t last);
  void descend(boost::intrusive_ptr<Directory> directory, DirectoryHandle handle,
               std::string path);
  /// Opens a subdirectory, `path` being the parent's and then its own; null where it is not to be
  /// or cannot be entered.
  [[nodiscard]] boost::intrusive_ptr<Directory> enter(const DirectoryPtr& parent,
                                                      std::uint32_t index,
                                                      const DirectoryHandle& parent_handle,
                                                      DirectoryHandle& handle, std::string& path);
  [[nodiscard]] bool may_enter(const Directory& directory, std::string_view parent_path,
                               int parent_fd);

  // Entries (walker_entries.cc).
  void read(Reading& reading);
  void take(Reading& reading, const EntryReader::Entry& entry);
  void take_file(Reading& reading, std::string_view name, bool is_symlink);
  void take_directory(Reading& reading, std::string_view name);
  void take_symlink(Reading& reading, std::string_view name);
  [[nodiscard]] unsigned char type_of(const Reading& reading, const char* name, bool follow);
  void hand_on_chunk(Reading& reading);
  void visit(const Root& root, int fd, std::string_view path, std::string_view names);
  void visit_one(const FileEntry& entry);
  void fail(const Root& root, std::string_view directory, std::string_view name, int error_number);
  void fail(const Root& root, std::string_view directory, std::string_view name,
            std::string reason, bool is_note);
  [[nodiscard]] bool is_stopped() const { return stopped_.load(std::memory_order_relaxed); }

  const WalkOptions& options_;
  const Filter& filter_;
  const Roots& roots_;
  Visitor& visitor_;
  tbb::task_group tasks_;
  DescriptorBudget descriptors_;
  tbb::enumerable_thread_specific<std::vector<char>> buffers_;
  std::deque<Root> extra_roots_;      // directories of file roots, followed links; stable addresses
  std::atomic<bool> stopped_{false};  // told by one visitor, read by all workers
  std::atomic<int> chunks_{0};        // waiting chunks of all workers: bounds what a reader queues
  int max_chunks_;

  // Only for FollowSymlinks::kAlways.
  struct Link {
    const Root* root;
    std::string directory;
    std::uint32_t depth;
    bool is_included;
    bool operator<(const Link& other) const;
  };
  std::mutex links_mutex_;
  std::set<Link> links_;              // symlinks to directories, to be followed after the rest
  std::vector<Identity> entered_;     // directories of this round
  std::set<Identity> visited_;        // of the rounds before: read by all, changed between rounds
};

}  // namespace backscan::walk

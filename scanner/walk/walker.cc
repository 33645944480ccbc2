// The shape of the loop decides its memory. A task owns a range of subdirectories of one parent: it
// hands on all but the first by halves and goes down into that one, in a loop instead of a call. So
// tasks waiting are as many as levels times the logarithm of their width, whatever the number of
// directories, and no depth reaches the C stack.
#include "walk/walker.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cerrno>
#include <tuple>
#include <utility>

#include "walk/shard.h"

namespace backscan::walk {
namespace {

constexpr std::size_t kEntryBufferBytes = std::size_t{64} << 10;
constexpr int kMaxKeptDescriptors = 512;

int descriptor_budget() {
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kMaxKeptDescriptors / 8;
  return static_cast<int>(std::clamp<rlim_t>(limit.rlim_cur / 2, 16, kMaxKeptDescriptors));
}

}  // namespace

std::string joined(std::string_view directory, std::string_view name) {
  std::string path;
  path.reserve(directory.size() + name.size() + 1);
  path = directory;
  if (!path.empty()) path += '/';
  return path += name;
}

bool Walker::Link::operator<(const Link& other) const {
  return std::tie(root->path, directory) < std::tie(other.root->path, other.directory);
}

Walker::Walker(const WalkOptions& options, const Filter& filter, const Roots& roots,
               Visitor& visitor)
    : options_(options),
      filter_(filter),
      roots_(roots),
      visitor_(visitor),
      descriptors_(descriptor_budget()),
      buffers_([] { return std::vector<char>(kEntryBufferBytes); }),
      max_chunks_(tbb::this_task_arena::max_concurrency() * 8) {}

void Walker::run() {
  for (const Root& root : roots_.directories) {
    if (options_.shard_by_root && !is_in_shard(options_.shard, root.path)) continue;
    tasks_.run([this, &root] { start(root); });
  }
  for (const RootFiles& files : roots_.files) tasks_.run([this, &files] { walk_files(files); });
  tasks_.wait();
  if (options_.follow == FollowSymlinks::kAlways) walk_links();
}

void Walker::start(const Root& root) {
  auto opened = open_directory(AT_FDCWD, root.open_path.c_str());
  if (!opened) return fail(root, root.directory, {}, opened.error());
  boost::intrusive_ptr<Directory> directory(new Directory);
  directory->root = &root;
  directory->depth = root.depth;
  directory->identity = identity_of(opened->get());
  directory->is_included = root.is_included;
  auto handle = std::make_shared<const OpenDirectory>(std::move(*opened), descriptors_);
  descend(std::move(directory), std::move(handle), root.directory);
}

void Walker::share(const DirectoryPtr& parent, std::uint32_t first, std::uint32_t last) {
  while (last - first > 1) {
    const std::uint32_t middle = first + (last - first + 1) / 2;
    tasks_.run([this, parent, middle, last] { walk_range(parent, middle, last); });
    last = middle;
  }
}

void Walker::walk_range(DirectoryPtr parent, std::uint32_t first, std::uint32_t last) {
  if (is_stopped()) return;
  share(parent, first, last);
  std::string path = parent->path();
  DirectoryHandle handle;
  auto directory = enter(parent, first, nullptr, handle, path);
  parent.reset();
  descend(std::move(directory), std::move(handle), std::move(path));
}

void Walker::descend(boost::intrusive_ptr<Directory> directory, DirectoryHandle handle,
                     std::string path) {
  while (directory != nullptr && !is_stopped()) {
    visitor_.on_directory();
    Reading reading{.directory = *directory, .handle = handle, .path = path};
    read(reading);
    const std::uint32_t subdirectories = directory->subdirectories();
    if (subdirectories > 1 && descriptors_.may_keep(directory->depth)) directory->keep(handle);
    // Other threads get the subdirectories before this one sits down with the files.
    if (subdirectories > 1) share(directory, 0, subdirectories);
    visit(*directory->root, handle->get(), path, reading.names);
    if (subdirectories == 0) return;
    DirectoryHandle next_handle;
    directory = enter(directory, 0, handle, next_handle, path);
    handle = std::move(next_handle);
  }
}

boost::intrusive_ptr<Directory> Walker::enter(const DirectoryPtr& parent, std::uint32_t index,
                                              const DirectoryHandle& parent_handle,
                                              DirectoryHandle& handle, std::string& path) {
  const char* const name = parent->subdirectory(index);
  std::expected<DirectoryHandle, int> above = parent_handle;
  if (parent_handle == nullptr) above = parent->open(descriptors_);
  const auto open_below = [&](const DirectoryHandle& h) { return open_directory(h->get(), name); };
  std::expected<UniqueFd, int> opened = above.has_value()
                                            ? open_below(*above)
                                            : std::unexpected(above.error());
  parent->subdirectory_done();
  if (!opened) {
    fail(*parent->root, path, name, opened.error());
    return nullptr;
  }
  boost::intrusive_ptr<Directory> directory(new Directory);
  directory->root = parent->root;
  directory->parent = parent;
  directory->name = name;
  directory->depth = parent->depth + 1;
  directory->identity = identity_of(opened->get());
  if (!may_enter(*directory, path, (*above)->get())) return nullptr;
  path = joined(path, name);
  directory->is_included = parent->is_included || filter_.is_included(path, name, true);
  handle = std::make_shared<const OpenDirectory>(std::move(*opened), descriptors_);
  return directory;
}

bool Walker::may_enter(const Directory& directory, std::string_view parent_path, int parent_fd) {
  if (roots_.directory_identities.contains(directory.identity)) return false;
  const Directory& parent = *directory.parent;
  if (options_.one_file_system && directory.identity.device != parent.identity.device) {
    visitor_.on_skipped("other-file-system", {.directory_fd = parent_fd,
                                              .name = directory.name,
                                              .directory = parent_path,
                                              .root = directory.root->path});
    return false;
  }
  if (parent.is_within(directory.identity)) {
    fail(*directory.root, parent_path, directory.name, "a loop of directories, not entered", false);
    return false;
  }
  if (options_.follow != FollowSymlinks::kAlways) return true;
  if (visited_.contains(directory.identity)) return false;
  const std::lock_guard lock(links_mutex_);
  entered_.push_back(directory.identity);
  return true;
}

void Walker::walk_files(const RootFiles& files) {
  auto opened = open_directory(AT_FDCWD, files.directory.c_str(), O_PATH);
  const Root root{.path = files.directory, .open_path = files.directory, .directory = {}};
  if (!opened) return fail(root, {}, {}, opened.error());
  const auto handle = std::make_shared<const OpenDirectory>(std::move(*opened), descriptors_);
  for (std::size_t first = 0; first < files.names.size(); first += kChunkFiles) {
    tasks_.run([this, &files, handle, first] {
      const std::size_t last = std::min(first + kChunkFiles, files.names.size());
      for (std::size_t i = first; i < last && !is_stopped(); ++i)
        visit_root_file(files, i, handle->get());
    });
  }
}

void Walker::visit_root_file(const RootFiles& files, std::size_t index, int fd) {
  const RootFiles::Name& file = files.names[index];
  if (!is_in_shard(options_.shard, joined(files.directory, file.name))) return;
  const FileEntry entry{.directory_fd = fd,
                        .name = file.name.c_str(),
                        .directory = {},
                        .root = files.directory,
                        .is_symlink_target = file.is_symlink};
  if (filter_.is_excluded(file.name, file.name, false))
    visitor_.on_skipped("excluded", entry);
  else if (!filter_.is_included(file.name, file.name, false))
    visitor_.on_skipped("not-included", entry);
  else
    visit_one(entry);
}

// One link after the other, in order of their paths, each walked in parallel without following links
// in it: which of several ways to a directory wins then never depends on thread timing.
void Walker::walk_links() {
  visited_ = roots_.directory_identities;
  while (!is_stopped()) {
    visited_.insert(entered_.begin(), entered_.end());
    entered_.clear();
    if (links_.empty()) return;
    const Link link = links_.extract(links_.begin()).value();
    std::string path = joined(link.root->path, link.directory);
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
      fail(*link.root, link.directory, {}, errno);
      continue;
    }
    const Identity identity{status.st_dev, status.st_ino};
    if (!visited_.insert(identity).second) continue;
    extra_roots_.push_back({.path = link.root->path,
                            .open_path = std::move(path),
                            .directory = link.directory,
                            .depth = link.depth,
                            .is_included = link.is_included});
    tasks_.run([this, &root = extra_roots_.back()] { start(root); });
    tasks_.wait();
  }
}

}  // namespace backscan::walk

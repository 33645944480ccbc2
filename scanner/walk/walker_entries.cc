// What becomes of each entry of a directory: file to the chunk, directory to the list, the rest
// skipped and counted.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "walk/shard.h"
#include "walk/walker.h"

namespace backscan::walk {
namespace {

std::string_view skip_reason(unsigned char type) {
  switch (type) {
    case DT_LNK: return "symlink";
    case DT_FIFO: return "fifo";
    case DT_SOCK: return "socket";
    default: return "device";
  }
}

}  // namespace

FileEntry Walker::Reading::entry(const char* name) const {
  return {.directory_fd = handle->get(),
          .name = name,
          .directory = path,
          .root = directory.root->path};
}

void Walker::read(Reading& reading) {
  const Directory& directory = reading.directory;
  const auto roots = roots_.file_names.find(directory.identity);
  if (roots != roots_.file_names.end()) reading.file_roots = &roots->second;
  EntryReader entries(reading.handle->get(), buffers_.local());
  while (const auto entry = entries.next()) {
    if (is_stopped()) return;
    const bool is_split_here = directory.depth == 0 && !options_.shard_by_root;
    if (is_split_here && !is_in_shard(options_.shard, entry->name)) continue;
    take(reading, *entry);
  }
  if (entries.error() != 0) fail(*directory.root, reading.path, {}, entries.error());
}

unsigned char Walker::type_of(const Reading& reading, const char* name, bool follow) {
  struct stat status {};
  if (::fstatat(reading.handle->get(), name, &status, follow ? 0 : AT_SYMLINK_NOFOLLOW) != 0) {
    if (!follow) fail(*reading.directory.root, reading.path, name, errno);
    return DT_UNKNOWN;
  }
  return static_cast<unsigned char>(IFTODT(status.st_mode));
}

void Walker::take(Reading& reading, const EntryReader::Entry& entry) {
  unsigned char type = entry.type;
  if (type == DT_UNKNOWN) type = type_of(reading, entry.name.data(), false);
  switch (type) {
    case DT_UNKNOWN: return;  // vanished, and told
    case DT_REG: return take_file(reading, entry.name, false);
    case DT_DIR: return take_directory(reading, entry.name);
    case DT_LNK:
      if (options_.follow == FollowSymlinks::kAlways) return take_symlink(reading, entry.name);
      [[fallthrough]];
    default: visitor_.on_skipped(skip_reason(type), reading.entry(entry.name.data()));
  }
}

void Walker::take_file(Reading& reading, std::string_view name, bool is_symlink) {
  if (reading.file_roots != nullptr && reading.file_roots->contains(name)) return;
  if (!filter_.is_empty()) {
    const std::string path = filter_.needs_path() ? joined(reading.path, name) : std::string();
    if (filter_.is_excluded(path, name, false))
      return visitor_.on_skipped("excluded", reading.entry(name.data()));
    if (!reading.directory.is_included && !filter_.is_included(path, name, false))
      return visitor_.on_skipped("not-included", reading.entry(name.data()));
  }
  if (is_symlink) {
    FileEntry entry = reading.entry(name.data());
    entry.is_symlink_target = true;
    return visit_one(entry);
  }
  reading.names.append(name).push_back('\0');
  if (++reading.files == kChunkFiles) hand_on_chunk(reading);
}

void Walker::take_directory(Reading& reading, std::string_view name) {
  if (options_.max_depth && reading.directory.depth >= *options_.max_depth)
    return visitor_.on_skipped("too-deep", reading.entry(name.data()));
  if (!filter_.is_empty()) {
    const std::string path = filter_.needs_path() ? joined(reading.path, name) : std::string();
    if (filter_.is_excluded(path, name, true))
      return visitor_.on_skipped("excluded", reading.entry(name.data()));
  }
  reading.directory.add_subdirectory(name);
}

void Walker::take_symlink(Reading& reading, std::string_view name) {
  const FileEntry entry = reading.entry(name.data());
  const unsigned char type = type_of(reading, name.data(), true);
  if (type == DT_REG) return take_file(reading, name, true);
  if (type != DT_DIR)
    return visitor_.on_skipped(type == DT_UNKNOWN ? "broken-symlink" : skip_reason(type), entry);
  const Directory& directory = reading.directory;
  if (options_.max_depth && directory.depth >= *options_.max_depth)
    return visitor_.on_skipped("too-deep", entry);
  std::string path = joined(reading.path, name);
  if (filter_.is_excluded(path, name, true)) return visitor_.on_skipped("excluded", entry);
  const bool is_included = directory.is_included || filter_.is_included(path, name, true);
  const std::lock_guard lock(links_mutex_);
  links_.insert({directory.root, std::move(path), directory.depth + 1, is_included});
}

void Walker::hand_on_chunk(Reading& reading) {
  const Root& root = *reading.directory.root;
  if (chunks_.load(std::memory_order_relaxed) >= max_chunks_) {
    visit(root, reading.handle->get(), reading.path, reading.names);
    reading.names.clear();
  } else {
    chunks_.fetch_add(1, std::memory_order_relaxed);
    if (reading.shared_path == nullptr)
      reading.shared_path = std::make_shared<const std::string>(reading.path);
    tasks_.run([this, &root, handle = reading.handle, path = reading.shared_path,
                names = std::exchange(reading.names, {})] {
      visit(root, handle->get(), *path, names);
      chunks_.fetch_sub(1, std::memory_order_relaxed);
    });
  }
  reading.files = 0;
}

void Walker::visit(const Root& root, int fd, std::string_view path, std::string_view names) {
  while (!names.empty() && !is_stopped()) {
    visit_one({.directory_fd = fd, .name = names.data(), .directory = path, .root = root.path});
    names.remove_prefix(names.find('\0') + 1);
  }
}

void Walker::visit_one(const FileEntry& entry) {
  if (options_.newer_than) {
    struct stat status {};
    const int flags = entry.is_symlink_target ? 0 : AT_SYMLINK_NOFOLLOW;
    if (::fstatat(entry.directory_fd, entry.name, &status, flags) != 0)
      return visitor_.on_error(
          {.stage = Stage::kWalk, .path = entry.path(), .reason = errno_text(errno),
           .is_note = errno == ENOENT});
    if (status.st_ctim.tv_sec < options_.newer_than->time_since_epoch().count())
      return visitor_.on_skipped("not-newer", entry);
  }
  if (!visitor_.on_file(entry)) stopped_.store(true, std::memory_order_relaxed);
}

void Walker::fail(const Root& root, std::string_view directory, std::string_view name,
                  int error_number) {
  switch (error_number) {
    case ENOENT: return fail(root, directory, name, "vanished during the walk", true);
    case ENOTDIR:
    case ESTALE: return fail(root, directory, name, "changed during the walk", false);
    default: return fail(root, directory, name, errno_text(error_number), false);
  }
}

void Walker::fail(const Root& root, std::string_view directory, std::string_view name,
                  std::string reason, bool is_note) {
  std::string path = root.path;
  for (const std::string_view part : {directory, name})
    if (!part.empty()) path = joined(path == "/" ? "" : path, part);
  if (!path.starts_with('/')) path.insert(path.begin(), '/');
  visitor_.on_error({.stage = Stage::kWalk,
                     .path = std::move(path),
                     .reason = std::move(reason),
                     .is_note = is_note});
}

}  // namespace backscan::walk

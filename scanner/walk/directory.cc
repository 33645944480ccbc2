// Everything here is iterative: a recursion over the parents would overflow the stack on a tree made
// for that purpose.
#include "walk/directory.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace backscan::walk {
namespace {

/// True if the soft limit of descriptors could be raised.
bool raise_descriptor_limit() {
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return false;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, limit.rlim_cur + 4096);
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

}  // namespace

bool DescriptorBudget::may_keep(std::uint32_t depth) const {
  const int open = open_.load(std::memory_order_relaxed);
  if (open >= limit_) return false;
  const int eighths_used = open * 8 / limit_;
  return depth % (std::uint32_t{1} << (2 * eighths_used)) == 0;
}

std::size_t DescriptorBudget::free() const {
  return static_cast<std::size_t>(std::max(0, limit_ - open_.load(std::memory_order_relaxed)));
}

void Directory::add_subdirectory(std::string_view subdirectory) {
  offsets_.push_back(names_.size());
  names_.append(subdirectory).push_back('\0');
  waiting_.store(subdirectories(), std::memory_order_relaxed);
}

std::string Directory::path() const {
  std::vector<std::string_view> parts;
  std::size_t length = root->directory.size();
  for (const Directory* d = this; d->parent != nullptr; d = d->parent.get()) {
    parts.emplace_back(d->name);
    length += parts.back().size() + 1;
  }
  std::string path;
  path.reserve(length);
  path = root->directory;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (!path.empty()) path += '/';
    path += *part;
  }
  return path;
}

void Directory::keep(DirectoryHandle handle) { kept_.store(std::move(handle)); }

void Directory::subdirectory_done() const {
  if (waiting_.fetch_sub(1, std::memory_order_acq_rel) == 1) kept_.store(nullptr);
}

std::expected<DirectoryHandle, int> Directory::open(DescriptorBudget& budget) const {
  DirectoryHandle handle = kept_.load();
  if (handle != nullptr) return handle;
  std::vector<const Directory*> way;
  for (const Directory* d = this; d != nullptr && handle == nullptr; d = d->parent.get()) {
    way.push_back(d);
    if (d->parent != nullptr) handle = d->parent->kept_.load();
  }
  const std::size_t stride = way.size() / (budget.free() / 2 + 1) + 1;
  for (std::size_t left = way.size(); left-- > 0;) {
    const Directory& next = *way[left];
    auto opened = handle == nullptr ? open_directory(AT_FDCWD, next.root->open_path.c_str())
                                    : open_directory(handle->get(), next.name);
    if (!opened) return std::unexpected(opened.error());
    handle = std::make_shared<const OpenDirectory>(std::move(*opened), budget);
    if (left % stride != 0 || budget.free() == 0) continue;
    if (identity_of(handle->get()) != next.identity) return std::unexpected(ESTALE);
    if (next.waiting_.load(std::memory_order_relaxed) > 1) next.kept_.store(handle);
  }
  if (identity_of(handle->get()) != identity) return std::unexpected(ESTALE);
  return handle;
}

bool Directory::is_within(const Identity& candidate) const {
  for (const Directory* d = this; d != nullptr; d = d->parent.get())
    if (d->identity == candidate) return true;
  return false;
}

void intrusive_ptr_add_ref(const Directory* directory) {
  directory->references_.fetch_add(1, std::memory_order_relaxed);
}

void intrusive_ptr_release(const Directory* directory) {
  while (directory != nullptr &&
         directory->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    const Directory* parent = const_cast<Directory*>(directory)->parent.detach();
    delete directory;
    directory = parent;
  }
}

std::expected<UniqueFd, int> open_directory(int directory_fd, const char* name, int extra_flags) {
  const int symlinks = directory_fd == AT_FDCWD ? 0 : O_NOFOLLOW;
  for (;;) {
    const int fd = ::openat(directory_fd, name,
                            O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC | symlinks |
                                extra_flags);
    if (fd >= 0) return UniqueFd(fd);
    const int error = errno;
    if (error == EINTR || (error == EMFILE && raise_descriptor_limit())) continue;
    return std::unexpected(error);
  }
}

Identity identity_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

}  // namespace backscan::walk

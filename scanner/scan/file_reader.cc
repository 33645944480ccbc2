// read(2) into a reused buffer; a map of each file would cost a fault a page (DESIGN.md, "Engine").
#include "scan/file_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace backscan::scan {
namespace {

constexpr std::size_t kFirstCapacity = std::size_t{256} << 10;
constexpr std::size_t kMaxKeptCapacity = std::size_t{1} << 20;

/// Reads until `size` bytes are there or the file ends.
std::expected<std::size_t, int> read_fully(int fd, char* to, std::size_t size, std::size_t offset) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t bytes =
        ::pread(fd, to + done, size - done, static_cast<off_t>(offset + done));
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) return std::unexpected(errno);
    if (bytes == 0) break;
    done += static_cast<std::size_t>(bytes);
  }
  return done;
}

}  // namespace

std::expected<void, int> FileReader::open(const walk::FileEntry& entry) {
  const int symlinks = entry.is_symlink_target ? 0 : O_NOFOLLOW;
  int fd = -1;
  do {
    fd = ::openat(entry.directory_fd, entry.name,
                  O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | symlinks);
  } while (fd < 0 && errno == EINTR);
  fd_.reset(fd);
  if (fd < 0 || ::fstat(fd, &status_) != 0) return std::unexpected(errno);
  return {};
}

std::expected<Content, int> FileReader::read(const ReadPlan& plan) {
  const auto size = static_cast<std::uint64_t>(std::max<off_t>(status_.st_size, 0));
  if (capacity_ > kMaxKeptCapacity && size < kMaxKeptCapacity) capacity_ = 0;
  reserve(kFirstCapacity);
  std::size_t already = 0;
  if (plan.only_head_and_tail || size > plan.max_whole_bytes) {
    auto ends = read_ends();
    if (!ends || ends->is_whole()) return ends;
    ends->has_php = has_php_tag(ends->bytes) || has_php_tag(ends->tail);
    if (!*ends->has_php || size > plan.max_whole_bytes) return ends;
    already = kHeadBytes;
  }
  auto whole = read_whole(already);
  if (whole && already != 0) whole->has_php = true;
  return whole;
}

std::expected<Content, int> FileReader::read_ends() {
  const auto size = static_cast<std::size_t>(status_.st_size);
  if (size <= kHeadBytes + kTailBytes) return read_whole(0);
  const auto head = read_fully(fd_.get(), buffer_.get(), kHeadBytes, 0);
  if (!head) return std::unexpected(head.error());
  const std::size_t tail_offset = size - kTailBytes;
  const auto tail = read_fully(fd_.get(), buffer_.get() + kHeadBytes, kTailBytes, tail_offset);
  if (!tail) return std::unexpected(tail.error());
  return Content{.bytes = {buffer_.get(), *head},
                 .tail = {buffer_.get() + kHeadBytes, *tail},
                 .tail_offset = tail_offset};
}

std::expected<Content, int> FileReader::read_whole(std::size_t already) {
  const auto size = static_cast<std::size_t>(std::max<off_t>(status_.st_size, 0));
  if (size + 1 > capacity_) {
    already = 0;  // the buffer is a new one
    reserve(size + 1);
  }
  const auto rest = read_fully(fd_.get(), buffer_.get() + already, size - std::min(size, already),
                               already);
  if (!rest) return std::unexpected(rest.error());
  return Content{.bytes = {buffer_.get(), already + *rest}};
}

void FileReader::reserve(std::size_t bytes) {
  if (bytes <= capacity_) return;
  buffer_.reset();  // before the new one is there: never both
  buffer_ = std::make_unique_for_overwrite<char[]>(bytes);
  capacity_ = bytes;
}

}  // namespace backscan::scan

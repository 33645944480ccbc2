// Looks at a bounded number of neighbours: a directory of a million files must not cost a million
// stats for each of them.
#include "scan/neighbours.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/unique_fd.h"
#include "scan/file_choice.h"
#include "walk/entry_reader.h"

namespace backscan::scan {
namespace {
constexpr std::size_t kMaxNeighbours = 200;
constexpr std::size_t kMinNeighbours = 8;
constexpr time_t kLongAfter = 7 * 24 * 3600;
}  // namespace

bool NeighbourLooker::is_newer(const walk::FileEntry& entry, time_t ctime) {
  std::string directory = std::string(entry.root) + '/' + std::string(entry.directory);
  if (directory != directory_) {
    read_directory(entry.directory_fd);
    directory_ = std::move(directory);
  }
  const std::size_t others = ctimes_.empty() ? 0 : ctimes_.size() - 1;
  if (others < kMinNeighbours) return false;
  const auto older = static_cast<std::size_t>(
      std::ranges::lower_bound(ctimes_, ctime - kLongAfter) - ctimes_.begin());
  return older * 10 >= others * 9;
}

void NeighbourLooker::read_directory(int directory_fd) {
  ctimes_.clear();
  const UniqueFd fd(::openat(directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return;
  buffer_.resize(std::size_t{32} << 10);
  walk::EntryReader entries(fd.get(), buffer_);
  while (const auto entry = entries.next()) {
    if (ctimes_.size() == kMaxNeighbours) break;
    if (kind_of_name(entry->name) != NameKind::kPhp) continue;
    struct stat status {};
    if (::fstatat(fd.get(), entry->name.data(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(status.st_mode))
      ctimes_.push_back(status.st_ctim.tv_sec);
  }
  std::ranges::sort(ctimes_);
}

}  // namespace backscan::scan

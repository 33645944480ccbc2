// See installations.h.
#include "scan/installations.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "scan/neighbour_reader.h"

namespace backscan::scan {

Installations::Found Installations::at(const std::string& path, const known::TreeReader& read) {
  {
    const std::scoped_lock lock(mutex_);
    if (const auto seen = seen_.find(path); seen != seen_.end()) return {seen->second, {}};
  }
  known::KnownGood::Recognition recognition = known_.recognise(read);
  const std::scoped_lock lock(mutex_);
  const bool is_first = seen_.emplace(path, recognition.release).second;
  return {recognition.release, is_first ? std::move(recognition.unlisted) : std::string()};
}

const known::Release* InstallationLooker::release_at(int fd, const std::string& path,
                                                     std::string_view prefix, Place& place) {
  const bool has_mark = std::ranges::any_of(installations_->marks(), [&](const std::string& mark) {
    struct stat status {};
    const std::string below = std::string(prefix) + mark;
    return ::fstatat(fd, below.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(status.st_mode);
  });
  if (!has_mark) return nullptr;
  const known::TreeReader read = [&](std::string_view below) {
    return read_neighbour(fd, std::string(prefix).append(below), known::kMaxMarkBytes);
  };
  std::string installation = path + '/' + std::string(prefix);
  installation.resize(installation.find_last_not_of('/') + 1);
  Installations::Found found = installations_->at(installation, read);
  if (!found.stranger.empty()) {
    place.stranger = std::move(found.stranger);
    place.stranger_path = std::move(installation);
  }
  return found.release;
}

void InstallationLooker::enter_root(std::string_view root, Place& place) {
  root_ = root;
  root_fd_ = UniqueFd(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  directory_.clear();
  steps_.assign(1, {0, release_at(root_fd_.get(), root_, "", place)});
  above_ = nullptr;
  // A list of files, or a part of a site.
  std::string outer = root_;
  while (steps_.front().release == nullptr && above_ == nullptr) {
    const std::size_t slash = outer.rfind('/');
    if (slash == std::string::npos || slash == 0) break;
    outer.resize(slash);
    const UniqueFd fd(::open(outer.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    above_ = release_at(fd.get(), outer, "", place);
    if (above_ != nullptr) path_below_above_ = root_.substr(slash + 1) + '/';
  }
}

InstallationLooker::Place InstallationLooker::look(const walk::FileEntry& entry,
                                                   std::string_view relative_path) {
  Place place;
  if (installations_ == nullptr) return place;
  if (root_ != entry.root || !root_fd_.valid()) enter_root(entry.root, place);
  if (directory_ != entry.directory) {
    const std::string with_slash =
        std::string(entry.directory) + (entry.directory.empty() ? "" : "/");
    while (steps_.size() > 1 && (steps_.back().length > with_slash.size() ||
                                 with_slash.compare(0, steps_.back().length, directory_ + '/', 0,
                                                    steps_.back().length) != 0))
      steps_.pop_back();
    directory_ = entry.directory;
    for (std::size_t slash = with_slash.find('/', steps_.back().length); slash != std::string::npos;
         slash = with_slash.find('/', slash + 1))
      steps_.push_back(
          {slash + 1, release_at(root_fd_.get(), root_,
                                 std::string_view(with_slash).substr(0, slash + 1), place)});
  }
  for (auto step = steps_.rbegin(); step != steps_.rend() && place.release == nullptr; ++step) {
    if (step->release == nullptr) continue;
    place.release = step->release;
    place.path = relative_path.substr(step->length);
  }
  if (place.release == nullptr && above_ != nullptr) {
    place.release = above_;
    path_.assign(path_below_above_).append(relative_path);
    place.path = path_;
  }
  return place;
}

}  // namespace backscan::scan

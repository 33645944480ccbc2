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

bool InstallationLooker::has_mark(std::string_view prefix) const {
  return std::ranges::any_of(installations_->marks(), [&](const std::string& mark) {
    struct stat status {};
    const std::string path = std::string(prefix) + mark;
    return ::fstatat(root_fd_.get(), path.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(status.st_mode);
  });
}

const known::Release* InstallationLooker::release_at(std::string_view prefix, Place& place) {
  if (!has_mark(prefix)) return nullptr;
  const known::TreeReader read = [&](std::string_view path) {
    return read_neighbour(root_fd_.get(), std::string(prefix).append(path), known::kMaxMarkBytes);
  };
  std::string path = root_ + '/' + std::string(prefix);
  path.resize(path.find_last_not_of('/') + 1);
  Installations::Found found = installations_->at(path, read);
  if (!found.stranger.empty()) {
    place.stranger = std::move(found.stranger);
    place.stranger_path = std::move(path);
  }
  return found.release;
}

InstallationLooker::Place InstallationLooker::look(const walk::FileEntry& entry,
                                                   std::string_view relative_path) {
  Place place;
  if (installations_ == nullptr) return place;
  if (root_ != entry.root || !root_fd_.valid()) {
    root_ = entry.root;
    root_fd_ = UniqueFd(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    steps_.clear();
    directory_.clear();
    steps_.push_back({0, release_at("", place)});
  }
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
          {slash + 1, release_at(std::string_view(with_slash).substr(0, slash + 1), place)});
  }
  for (auto step = steps_.rbegin(); step != steps_.rend() && place.release == nullptr; ++step) {
    if (step->release == nullptr) continue;
    place.release = step->release;
    place.path = relative_path.substr(step->length);
  }
  return place;
}

}  // namespace backscan::scan

// Which directories of a scan are installations of a release with a manifest (known/): asked as the
// walk comes by, once for each directory, since a root holds any number of them at any depth.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"
#include "known/known_good.h"
#include "walk/walk.h"

namespace backscan::scan {

/// What all threads have found.
class Installations {
 public:
  explicit Installations(const known::KnownGood& known)
      : known_(known), marks_(known.mark_paths()) {}

  [[nodiscard]] const std::vector<std::string>& marks() const { return marks_; }
  /// The release at `path`, an absolute directory in which a mark was seen. `stranger`: what it is
  /// where its release is in no manifest, and nobody was told so yet.
  struct Found {
    const known::Release* release = nullptr;
    std::string stranger;
  };
  [[nodiscard]] Found at(const std::string& path, const known::TreeReader& read);

 private:
  const known::KnownGood& known_;
  std::vector<std::string> marks_;
  std::mutex mutex_;
  std::map<std::string, const known::Release*> seen_;
};

/// Looks for one thread; remembers the way to the last directory.
class InstallationLooker {
 public:
  /// `installations`: null where the scan has no manifests.
  explicit InstallationLooker(Installations* installations) : installations_(installations) {}

  struct Place {
    const known::Release* release = nullptr;  // of the innermost installation; null: none
    std::string_view path;                    // of the file below it; valid until the next look
    std::string stranger;                     // Installations::Found
    std::string stranger_path;
  };
  /// `relative_path`: of the entry, below its root.
  [[nodiscard]] Place look(const walk::FileEntry& entry, std::string_view relative_path);

 private:
  struct Step {
    std::size_t length = 0;  // of the part of the directory, with its slash
    const known::Release* release = nullptr;
  };
  void enter_root(std::string_view root, Place& place);
  /// The release at `prefix` ("" or with a slash at its end) below the directory `fd`, called
  /// `path`.
  [[nodiscard]] const known::Release* release_at(int fd, const std::string& path,
                                                 std::string_view prefix, Place& place);

  Installations* installations_;
  std::string root_;
  UniqueFd root_fd_;
  const known::Release* above_ = nullptr;  // of which the root is a part
  std::string path_below_above_;           // of the root, with its slash
  std::string directory_;
  std::vector<Step> steps_;
  std::string path_;
};

}  // namespace backscan::scan

// A directory tree that a test makes and that is gone with it. Everything goes through descriptors,
// so that trees deeper than PATH_MAX can be made and removed.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace backscan::testing_support {

class TempTree {
 public:
  TempTree() : TempTree(std::filesystem::temp_directory_path()) {}
  explicit TempTree(const std::filesystem::path& where) {
    std::string pattern = (where / "backscan-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = std::filesystem::canonical(pattern).string();
    ::chmod(path_.c_str(), 0755);
  }
  ~TempTree() { remove_tree(path_); }
  TempTree(const TempTree&) = delete;
  TempTree& operator=(const TempTree&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(std::string_view relative) const {
    return path_ + "/" + std::string(relative);
  }
  void directory(std::string_view relative) const {
    std::filesystem::create_directories(*this / relative);
  }
  /// Makes the directories above, too.
  void file(std::string_view relative, std::string_view contents = "") const {
    const std::filesystem::path where = *this / relative;
    std::filesystem::create_directories(where.parent_path());
    std::ofstream(where, std::ios::binary) << contents;
  }
  void symlink(std::string_view target, std::string_view relative) const {
    ASSERT_EQ(::symlink(std::string(target).c_str(), (*this / relative).c_str()), 0);
  }
  void mode(std::string_view relative, mode_t mode) const {
    ASSERT_EQ(::chmod((*this / relative).c_str(), mode), 0);
  }

  /// Where a tree of many thousands of files is made fast: in memory, if the machine has a place.
  [[nodiscard]] static std::filesystem::path fast_place() {
    const char* const shared_memory = "/dev/shm";
    return ::access(shared_memory, W_OK | X_OK) == 0 ? std::filesystem::path(shared_memory)
                                                     : std::filesystem::temp_directory_path();
  }

 private:
  /// Iterative and by descriptor: std::filesystem::remove_all recurses by path. Directories below
  /// are first moved up to the top, so that no path ever gets long.
  static void remove_tree(const std::string& path) {
    const UniqueFd top(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    std::size_t moved = 0;
    for (bool is_changed = true; is_changed;) {
      is_changed = false;
      for (const std::string& name : names_in(top.get())) {
        if (::unlinkat(top.get(), name.c_str(), 0) == 0) continue;
        ::fchmodat(top.get(), name.c_str(), 0700, 0);
        const UniqueFd child(::openat(top.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        for (const std::string& inner : names_in(child.get())) {
          if (::unlinkat(child.get(), inner.c_str(), 0) == 0) continue;
          ::fchmodat(child.get(), inner.c_str(), 0700, 0);
          ::renameat(child.get(), inner.c_str(), top.get(),
                     ("moved-up-" + std::to_string(moved++)).c_str());
          is_changed = true;
        }
        ::unlinkat(top.get(), name.c_str(), AT_REMOVEDIR);
      }
    }
    ::rmdir(path.c_str());
  }
  static std::vector<std::string> names_in(int fd) {
    std::vector<std::string> names;
    DIR* const stream = ::fdopendir(::openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (stream == nullptr) return names;
    while (const dirent* entry = ::readdir(stream)) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    ::closedir(stream);
    return names;
  }

  std::string path_;
};

/// Runs `check` as an unprivileged user where the tests run as root, whom no mode stops.
template <typename Check>
void as_nobody(Check check) {
  constexpr uid_t kNobody = 65534;
  const bool is_root = ::geteuid() == 0;
  if (is_root) {
    ASSERT_EQ(::setegid(kNobody), 0);
    ASSERT_EQ(::seteuid(kNobody), 0);
  }
  check();
  if (is_root) {
    ASSERT_EQ(::seteuid(0), 0);
    ASSERT_EQ(::setegid(0), 0);
  }
}

}  // namespace backscan::testing_support

// See roots.h. A path with ".." is made canonical first: cutting it lexically would be wrong behind
// a symlink.
#include "walk/roots.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <cerrno>
#include <utility>

namespace backscan::walk {
namespace {

namespace fs = boost::filesystem;

/// Absolute and normal, without a trailing slash; symlinks stay as named.
std::string normal_path(const std::string& given) {
  boost::system::error_code error;
  fs::path path(given);
  if (path.is_relative()) path = fs::current_path(error) / path;
  if (std::ranges::find(path, fs::path("..")) != path.end()) {
    const fs::path resolved = fs::weakly_canonical(path, error);
    if (!error) path = resolved;
  }
  std::string text = path.lexically_normal().string();
  while (text.size() > 2 && text.ends_with("/.")) text.resize(text.size() - 2);
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

class Resolver {
 public:
  Resolver(FollowSymlinks follow, Roots& roots) : follow_(follow), roots_(roots) {}

  void add(const std::string& given) {
    if (given.empty()) return fail(given, "an empty path");
    const std::string path = normal_path(given);
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return fail(path, errno_text(errno));
    const bool is_symlink = S_ISLNK(status.st_mode);
    if (is_symlink) {
      if (follow_ == FollowSymlinks::kNever) return fail(path, "a symbolic link, not followed");
      if (::stat(path.c_str(), &status) != 0) return fail(path, errno_text(errno));
    }
    if (S_ISDIR(status.st_mode)) {
      if (roots_.directory_identities.insert({status.st_dev, status.st_ino}).second)
        roots_.directories.push_back({.path = path, .open_path = path, .directory = {}});
    } else if (S_ISREG(status.st_mode)) {
      add_file(path, is_symlink);
    } else {
      fail(path, "neither a regular file nor a directory");
    }
  }

 private:
  void add_file(const std::string& path, bool is_symlink) {
    const std::size_t slash = path.rfind('/');
    const std::string directory = slash == 0 ? "/" : path.substr(0, slash);
    std::string name = path.substr(slash + 1);
    struct stat status {};
    if (::stat(directory.c_str(), &status) != 0) return fail(path, errno_text(errno));
    const Identity identity{status.st_dev, status.st_ino};
    if (!roots_.file_names[identity].insert(name).second) return;
    const auto [it, is_new] = group_of_.try_emplace(identity, roots_.files.size());
    if (is_new) roots_.files.push_back({directory, {}});
    roots_.files[it->second].names.push_back({std::move(name), is_symlink});
  }

  void fail(const std::string& path, std::string reason) {
    roots_.errors.push_back({.stage = Stage::kWalk, .path = path, .reason = std::move(reason)});
  }

  FollowSymlinks follow_;
  Roots& roots_;
  std::map<Identity, std::size_t> group_of_;
};

}  // namespace

Roots resolve_roots(const std::vector<std::string>& given, FollowSymlinks follow) {
  Roots roots;
  Resolver resolver(follow, roots);
  for (const std::string& path : given) resolver.add(path);
  return roots;
}

}  // namespace backscan::walk

// What the command line names, resolved before the walk starts: absolute paths, no duplicates, files
// grouped by their directory. Boost.Filesystem does the path arithmetic.
#pragma once

#include <sys/types.h>

#include <compare>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/scan_result.h"
#include "walk/walk.h"

namespace backscan::walk {

/// What a file is whatever its name: two paths to one directory share it.
struct Identity {
  dev_t device = 0;
  ino_t inode = 0;
  auto operator<=>(const Identity&) const = default;
};

/// A directory to walk.
struct Root {
  std::string path;         // absolute and normal, as results show it
  std::string open_path;    // where to open it; differs for a followed symlink below a root
  std::string directory;    // below `path`: "" but for a followed symlink
  std::uint32_t depth = 0;  // of `directory` below the root
  bool is_included = false;
};

/// Files named one by one that share a directory.
struct RootFiles {
  std::string directory;  // absolute and normal
  struct Name {
    std::string name;
    bool is_symlink = false;
  };
  std::vector<Name> names;
};

struct Roots {
  std::vector<Root> directories;
  std::vector<RootFiles> files;
  std::set<Identity> directory_identities;
  /// Names of file roots by the identity of their directory: a walk that passes leaves them out.
  std::map<Identity, std::set<std::string, std::less<>>> file_names;
  std::vector<ErrorRecord> errors;
};

/// Looks at every root once. One that is missing, denied, neither file nor directory, or a symlink
/// where none may be followed, becomes an error.
[[nodiscard]] Roots resolve_roots(const std::vector<std::string>& given, FollowSymlinks follow);

}  // namespace backscan::walk

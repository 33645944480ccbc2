// Reads configuration files of this host or of a copy of another host's file system, never outside
// the given root: absolute symlinks inside a copied /etc must lead to the copy, not to this host.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"

namespace backscan {

/// A directory that stands for "/". Every path given is resolved inside it (openat2 with
/// RESOLVE_IN_ROOT, so that ".." and symlinks cannot leave it).
class RootedDirectory {
 public:
  /// `root`: "/" or the directory that holds the copy.
  [[nodiscard]] static Result<RootedDirectory> open(std::string_view root);

  /// A regular file's bytes. Errors: missing, denied, not a regular file, larger than `max_bytes`.
  /// `path` is absolute as on the host ("/etc/postfix/main.cf"); the error names it.
  [[nodiscard]] Result<std::string> read(std::string_view path, std::size_t max_bytes) const;

  /// A descriptor of a regular file, for readers that stream.
  [[nodiscard]] Result<UniqueFd> open_file(std::string_view path) const;

  /// Names in a directory, sorted, without "." and "..". At most `max_entries`, else an error.
  [[nodiscard]] Result<std::vector<std::string>> list(std::string_view path,
                                                      std::size_t max_entries = 100'000) const;

  /// What stat(2) says of a path, symlinks followed inside the root.
  [[nodiscard]] Result<struct stat> status(std::string_view path) const;

  /// `path` with every symlink resolved, absolute as on the host.
  [[nodiscard]] Result<std::string> real_path(std::string_view path) const;

  [[nodiscard]] bool is_file(std::string_view path) const;
  [[nodiscard]] bool is_directory(std::string_view path) const;

  /// Paths that match a shell pattern ("/etc/apache2/sites-enabled/*.conf"), sorted; the pattern's
  /// wild cards may stand in any part. At most `max_matches`.
  [[nodiscard]] std::vector<std::string> glob(std::string_view pattern,
                                              std::size_t max_matches = 10'000) const;

  /// True for "/" itself: then this host's processes and interfaces may be asked, too.
  [[nodiscard]] bool is_this_host() const { return root_ == "/"; }
  [[nodiscard]] const std::string& root() const { return root_; }

 private:
  RootedDirectory(std::string root, UniqueFd fd) : root_(std::move(root)), fd_(std::move(fd)) {}
  [[nodiscard]] Result<UniqueFd> open_at(std::string_view path, int flags) const;

  std::string root_;
  UniqueFd fd_;
};

}  // namespace backscan

// Writes a whole file so that a reader sees the old one or the new one, never half of it. Of base/
// because reports, baselines and caches all need it.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/unique_fd.h"

namespace backscan {

/// A file being written beside its target; nothing is left of it unless it is committed. What is no
/// regular file (a device, a pipe) is written to directly. Errors name the target as it was given.
class OutputFile {
 public:
  /// Follows a symlink at `path`. A new file gets mode 0666 less the umask; an old one keeps its
  /// mode.
  [[nodiscard]] static Result<OutputFile> create(const std::string& path);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  [[nodiscard]] Result<void> append(std::string_view text);
  /// Syncs and renames over the target.
  [[nodiscard]] Result<void> commit();

 private:
  OutputFile() = default;

  std::string path_;    // as given
  std::string target_;  // symlinks resolved
  std::string beside_;  // empty: written in place, or committed
  UniqueFd fd_;
};

/// All of it at once.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view contents);

}  // namespace backscan

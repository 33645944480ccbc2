// The steps an action is made of, each one system call that happens or does not: a new file beside
// its target, taking a name away, swapping two names. All by directory descriptor.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"

namespace backscan::response {

/// What a file is called while an action is under way. The id's random part is known to nobody before.
[[nodiscard]] std::string staging_name(const std::string& id);

/// A file that has no name yet (O_TMPFILE), or, where the file system knows none, the staging name.
class NewFile {
 public:
  [[nodiscard]] static Result<NewFile> create(int directory, const std::string& staging,
                                              const std::string& label);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  /// A named file that was not given its name is removed.
  ~NewFile();

  [[nodiscard]] int fd() const { return fd_.get(); }
  /// Gives it a name; an error where something has that name.
  [[nodiscard]] Result<void> link_as(const std::string& name, const std::string& label);

 private:
  NewFile() = default;

  int directory_ = -1;  // the caller's
  UniqueFd fd_;
  std::string named_;  // empty: nameless
};

/// Renames whatever is called `name` to the staging name, which nobody else can know yet.
[[nodiscard]] Result<void> take_away(int directory, const std::string& name,
                                     const std::string& staging, const std::string& label);
/// The way back; an error where something is called `name` by now.
[[nodiscard]] Result<void> put_back(int directory, const std::string& staging,
                                    const std::string& name, const std::string& label);
/// Exchanges what two names mean, at once.
[[nodiscard]] Result<void> swap_names(int directory, const std::string& a, const std::string& b,
                                      const std::string& label);

/// Removes a regular file if the digest of its content is one of `known`: then nothing is lost by it.
[[nodiscard]] Result<void> remove_known(int directory, const std::string& name,
                                        const std::vector<std::string>& known,
                                        const std::string& label);

/// So that a directory's change survives a power failure; file systems that cannot are forgiven.
void sync_directory(int directory);

}  // namespace backscan::response

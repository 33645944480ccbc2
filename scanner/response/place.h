// A file below a root, held by descriptors: the directory it stands in and its name there. Its own
// file because "nothing outside of the root is ever touched" is decided here and nowhere else.
#pragma once

#include <string>

#include "base/error.h"
#include "base/unique_fd.h"

namespace backscan::response {

/// `relative` has no leading '/', and no part of it is empty, "." or "..".
struct Target {
  std::string root;
  std::string relative;

  [[nodiscard]] std::string path() const;
  bool operator==(const Target&) const = default;
};

/// `path` as a target: below `root`, or in its own directory where it is the root itself. An error
/// where it lies elsewhere or is not in plain form.
[[nodiscard]] Result<Target> target_of(const std::string& root, const std::string& path);

struct Place {
  UniqueFd directory;
  std::string name;
};

/// Opens the directory a target stands in, part by part from the root on, following no symlink below
/// the root. Later actions are by this descriptor and the name: whatever is renamed or replaced
/// meanwhile, they reach into this directory only.
[[nodiscard]] Result<Place> open_place(const Target& target);

/// The regular file at `name`, never followed, never waited for; `label` is what errors name.
[[nodiscard]] Result<UniqueFd> open_regular(int directory, const std::string& name,
                                            const std::string& label);

}  // namespace backscan::response

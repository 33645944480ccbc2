// The include and exclude lists of a walk: which names are entered or handed on.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "walk/glob.h"

namespace backscan::walk {

class Filter {
 public:
  /// An exclude pattern that starts with '!' takes back what an earlier one excluded, as in
  /// gitignore: the last pattern that matches decides.
  [[nodiscard]] static Result<Filter> make(std::span<const std::string> include,
                                           std::span<const std::string> exclude);

  [[nodiscard]] bool is_excluded(std::string_view path, std::string_view name,
                                 bool is_directory) const;
  /// True if an include pattern matches, or there is none. A directory that is included includes
  /// everything below it; one that is not is entered all the same, for what it may hold.
  [[nodiscard]] bool is_included(std::string_view path, std::string_view name,
                                 bool is_directory) const;
  [[nodiscard]] bool is_empty() const { return include_.empty() && exclude_.empty(); }
  [[nodiscard]] bool needs_path() const { return needs_path_; }

 private:
  struct Exclude {
    Glob glob;
    bool takes_back;
  };
  std::vector<Glob> include_;
  std::vector<Exclude> exclude_;
  bool needs_path_ = false;
};

}  // namespace backscan::walk

// One gitignore-like glob, compiled to RE2 so that matching is linear and knows `**`, which
// fnmatch(3) does not.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace backscan::walk {

/// Gitignore's rules: a pattern without '/' (but at its end) matches a name at any level, one with
/// '/' the whole path below the root; a trailing '/' matches directories only; `*`, `?` and `[…]`
/// do not match '/', `**` between slashes matches any number of directories; `\` quotes.
class Glob {
 public:
  [[nodiscard]] static Result<Glob> compile(std::string_view pattern);

  /// `path` is below the root, `name` its last part.
  [[nodiscard]] bool matches(std::string_view path, std::string_view name, bool is_directory) const;
  /// True where `matches` looks at `path`; otherwise the caller need not build one.
  [[nodiscard]] bool needs_path() const { return needs_path_; }

 private:
  Glob() = default;
  std::unique_ptr<const re2::RE2> regex_;
  bool needs_path_ = false;
  bool directories_only_ = false;
};

}  // namespace backscan::walk

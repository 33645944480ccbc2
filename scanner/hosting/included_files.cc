// The limits of include lines.
#include "hosting/included_files.h"

namespace backscan::hosting {

const std::string* IncludedFiles::read(const std::string& path) {
  const auto real = builder_.root().real_path(path);
  if (!real) return nullptr;
  if (!real->starts_with("/etc/")) {
    builder_.note(path, "an include that leaves /etc is not followed");
    return nullptr;
  }
  if (++includes_ > kMaxIncludes || bytes_ > kMaxBytes) {
    if (includes_ == kMaxIncludes + 1) builder_.note(path, "too many included files");
    return nullptr;
  }
  auto it = texts_.find(*real);
  if (it == texts_.end()) it = texts_.emplace(*real, builder_.read(*real)).first;
  if (!it->second) return nullptr;
  bytes_ += it->second->size();
  return &*it->second;
}

std::vector<std::string> IncludedFiles::expand(const std::string& pattern) const {
  const auto path = normal_path(pattern);
  if (!path) return {};
  if (builder_.root().is_directory(*path)) return builder_.root().glob(*path + "/*");
  return builder_.root().glob(*path);
}

}  // namespace backscan::hosting

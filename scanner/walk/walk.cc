// The room's front: options to a filter, resolved roots and a walker.
#include "walk/walk.h"

#include <utility>

#include "walk/filter.h"
#include "walk/roots.h"
#include "walk/walker.h"

namespace backscan::walk {

std::string FileEntry::relative_path() const { return joined(directory, name); }

std::string FileEntry::path() const {
  std::string path(root == "/" ? std::string_view{} : root);
  path.reserve(path.size() + directory.size() + std::string_view(name).size() + 2);
  if (!directory.empty()) path.append(1, '/').append(directory);
  return path.append(1, '/').append(name);
}

Result<void> check_globs(const WalkOptions& options) {
  const Result<Filter> filter = Filter::make(options.include, options.exclude);
  if (!filter) return std::unexpected(filter.error());
  return {};
}

void walk(const WalkOptions& options, Visitor& visitor) {
  const Result<Filter> filter = Filter::make(options.include, options.exclude);
  if (!filter) {
    visitor.on_error(
        {.stage = Stage::kWalk, .path = filter.error().object, .reason = filter.error().reason});
    return;
  }
  Roots roots = resolve_roots(options.roots, options.follow);
  for (ErrorRecord& error : roots.errors) visitor.on_error(std::move(error));
  Walker(options, *filter, roots, visitor).run();
}

}  // namespace backscan::walk

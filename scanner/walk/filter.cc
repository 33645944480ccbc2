// Lists are short and most walks have none, so patterns are tried one by one, last first.
#include "walk/filter.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace backscan::walk {

Result<Filter> Filter::make(std::span<const std::string> include,
                            std::span<const std::string> exclude) {
  Filter filter;
  for (const std::string& pattern : include) {
    Result<Glob> glob = Glob::compile(pattern);
    if (!glob) return std::unexpected(glob.error());
    filter.needs_path_ |= glob->needs_path();
    filter.include_.push_back(std::move(*glob));
  }
  for (const std::string& pattern : exclude) {
    const bool takes_back = pattern.starts_with('!');
    Result<Glob> glob = Glob::compile(std::string_view(pattern).substr(takes_back ? 1 : 0));
    if (!glob) return std::unexpected(glob.error());
    filter.needs_path_ |= glob->needs_path();
    filter.exclude_.push_back({std::move(*glob), takes_back});
  }
  return filter;
}

bool Filter::is_excluded(std::string_view path, std::string_view name, bool is_directory) const {
  for (const Exclude& exclude : std::views::reverse(exclude_))
    if (exclude.glob.matches(path, name, is_directory)) return !exclude.takes_back;
  return false;
}

bool Filter::is_included(std::string_view path, std::string_view name, bool is_directory) const {
  return include_.empty() || std::ranges::any_of(include_, [&](const Glob& glob) {
           return glob.matches(path, name, is_directory);
         });
}

}  // namespace backscan::walk

// The manifests of a scan together (known_good.h).
#include "known/known_good.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>

#include "known/product.h"

namespace backscan::known {
namespace {

namespace fs = boost::filesystem;

constexpr std::string_view kSuffix = ".known";

/// `path` itself, or the manifests in it, in order of their names.
Result<std::vector<std::string>> manifests_at(const std::string& path) {
  boost::system::error_code error;
  if (!fs::is_directory(path, error)) return std::vector{path};
  std::vector<std::string> files;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error))
    if (it->path().native().ends_with(kSuffix)) files.push_back(it->path().native());
  if (error) return std::unexpected(Error{path, error.message()});
  if (files.empty()) return std::unexpected(Error{path, "holds no manifests (*.known)"});
  std::ranges::sort(files);
  return files;
}

/// Whether `text` is the listed file at `path`, or that file with lines put into it. An application
/// that calls itself by the same number, and is another one, has other lines.
bool resembles(const Release& release, const std::string& path, std::string_view text) {
  if (release.compare(path, text) == Standing::kOriginal) return true;
  const auto original = release.original_lines(path);
  if (!original) return true;
  constexpr std::size_t kMostGone = 5;  // a fifth
  return compare_lines(*original, mark_lines(text)).gone_count * kMostGone <= original->size();
}

/// Enough of what every installation has is there: not a lone copy of one file.
bool has_witnesses(const Release& release, const TreeReader& read) {
  const auto seen = std::ranges::count_if(release.witnesses(), [&](const std::string& path) {
    const auto text = read(path);
    return text && resembles(release, path, *text);
  });
  return 2 * static_cast<std::size_t>(seen) >= release.witnesses().size();
}

}  // namespace

Result<KnownGood> KnownGood::load(const std::vector<std::string>& paths) {
  KnownGood known;
  for (const std::string& path : paths) {
    const auto files = manifests_at(path);
    if (!files) return std::unexpected(files.error());
    for (const std::string& file : *files) {
      auto release = Release::load(file);
      if (!release) return std::unexpected(release.error());
      known.by_mark_[(*release)->head().mark.path].push_back(release->get());
      known.releases_.push_back(*std::move(release));
    }
  }
  return known;
}

std::vector<std::string> KnownGood::mark_paths() const {
  std::vector<std::string> paths;
  for (const auto& [path, releases] : by_mark_) paths.push_back(path);
  return paths;
}

KnownGood::Recognition KnownGood::recognise(const TreeReader& read) const {
  Recognition recognition;
  for (const auto& [path, releases] : by_mark_) {
    const auto text = read(path);
    if (!text) continue;
    const Release* best = nullptr;
    for (const Release* release : releases) {
      const bool fits = release->compare(path, *text) == Standing::kOriginal;
      if (!bears_mark(release->head().mark, *text, fits)) continue;
      if (!fits && is_of_fork(release->head().product, path, *text)) continue;
      // Of builds for several languages, the one whose own mark it is.
      if (best == nullptr || fits) best = release;
      if (fits) break;
    }
    if (best != nullptr && has_witnesses(*best, read)) return {.release = best, .unlisted = {}};
    for (const Product& product : products()) {
      if (best != nullptr || product.mark_path != path || !recognition.unlisted.empty()) continue;
      if (const auto line = version_line(product, *text))
        recognition.unlisted = fmt::format("{} {}", product.name, line->version);
    }
  }
  return recognition;
}

std::string KnownGood::digest() const {
  std::string all;
  for (const auto& release : releases_) all += fmt::format("{:016x}", release->digest());
  return all;
}

}  // namespace backscan::known

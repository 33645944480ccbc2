// A vendor's tree read in parallel (make_manifest.h).
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>
#include <mutex>
#include <utility>

#include "base/text.h"
#include "base/unique_fd.h"
#include "base/whole_file.h"
#include "known/line_marks.h"
#include "known/make_manifest.h"
#include "known/recognition.h"
#include "walk/walk.h"

namespace backscan::known {
namespace {

// Of what vendors ship; the largest are films and fonts of demonstration sites.
constexpr std::size_t kMaxFileBytes = std::size_t{512} << 20;
constexpr std::size_t kMaxLinesBytes = std::size_t{4} << 20;

class Collector : public walk::Visitor {
 public:
  bool on_file(const walk::FileEntry& entry) override {
    auto file = read(entry);
    const std::scoped_lock lock(mutex_);
    if (file)
      files.push_back(*std::move(file));
    else
      errors.push_back(file.error());
    return true;
  }
  void on_error(ErrorRecord error) override {
    const std::scoped_lock lock(mutex_);
    errors.push_back({std::move(error.path), std::move(error.reason)});
  }
  void on_skipped(std::string_view, const walk::FileEntry&) override {}
  void on_directory() override {}

  std::vector<KnownFile> files;
  std::vector<Error> errors;

 private:
  static Result<KnownFile> read(const walk::FileEntry& entry) {
    const UniqueFd fd(::openat(entry.directory_fd, entry.name,
                               O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!fd.valid()) return system_error(entry.path(), errno);
    const auto bytes = read_open_file(fd.get(), entry.path(), kMaxFileBytes);
    if (!bytes) return std::unexpected(bytes.error());
    KnownFile file{.path = entry.relative_path(),
                   .size = bytes->size(),
                   .kind = HashKind::kSha256,
                   .digest = digest_of(HashKind::kSha256, *bytes),
                   .lines = {}};
    if (bytes->size() <= kMaxLinesBytes && bytes->find("<?") != std::string::npos)
      file.lines = pack_marks(mark_lines(*bytes));
    return file;
  }

  std::mutex mutex_;
};

}  // namespace

Result<Manifest> manifest_of_tree(const std::string& directory, const ManifestOptions& options) {
  Collector collector;
  walk::walk({.roots = {directory}}, collector);
  if (!collector.errors.empty()) {
    std::ranges::sort(collector.errors, {}, &Error::object);
    Error& first = collector.errors.front();
    if (collector.errors.size() > 1)
      first.reason +=
          fmt::format(" (and {} more that could not be read)", collector.errors.size() - 1);
    return std::unexpected(std::move(first));
  }
  if (collector.files.empty()) return std::unexpected(Error{directory, "holds no files"});
  std::ranges::sort(collector.files, {}, &KnownFile::path);
  Manifest manifest{.product = options.product,
                    .version = options.version,
                    .mark = {},
                    .files = std::move(collector.files)};
  const auto read = [&](std::string_view path) -> std::optional<std::string> {
    auto text = read_whole_file(directory + "/" + std::string(path), kMaxMarkBytes);
    if (!text) return std::nullopt;
    return *std::move(text);
  };
  if (auto named = name_release(manifest, options.mark, read); !named)
    return std::unexpected(Error{directory, named.error().reason});
  return manifest;
}

}  // namespace backscan::known

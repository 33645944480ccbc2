// Files that the last scans judged clean, so that --state reads only what changed. Only clean ones:
// what had a finding is always judged anew, with its path, its neighbours and its account of today.
#pragma once

#include <sys/stat.h>

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "model/finding.h"

namespace backscan::state {

/// A file as it lies there: every change of its contents, name, owner or mode makes another one,
/// because each sets the change time, which no program but the clock's can choose.
struct FileIdentity {
  std::uint64_t hash = 0;
  bool is_settled = false;  // changed long enough ago that a second change would show
};

class FileCache {
 public:
  /// Reads `directory`/clean-files, if it is of the same `circumstances` (rules, options, version);
  /// a damaged or foreign file is as good as none. `is_full`: nothing is known, all is remembered.
  [[nodiscard]] static FileCache open(const std::string& directory, std::string_view circumstances,
                                      bool is_full);
  FileCache(FileCache&&) = default;

  [[nodiscard]] FileIdentity identity_of(std::string_view root, std::string_view relative_path,
                                         const struct stat& status, Time now) const;
  /// Whether that very file was clean. Safe for all threads at once, as is remember().
  [[nodiscard]] bool is_known_clean(const FileIdentity& file);
  void remember(const FileIdentity& file);

  /// Writes what is known now. What no scan met for `kRunsKept` saves is forgotten.
  [[nodiscard]] Result<void> save() const;
  static constexpr std::uint8_t kRunsKept = 16;

 private:
  struct Entry {
    std::uint64_t hash;
    std::uint8_t age;  // saves since it was met
  };
  static constexpr std::size_t kStripes = 64;
  struct Stripe {
    std::mutex mutex;
    std::unordered_set<std::uint64_t> met;
  };
  FileCache(std::string file, std::uint64_t circumstances);
  void load(std::string_view bytes);

  std::string file_;
  std::uint64_t circumstances_;
  std::uint64_t seed_;
  std::vector<Entry> known_;  // sorted by hash
  std::unique_ptr<std::array<Stripe, kStripes>> stripes_;
};

}  // namespace backscan::state

// The manifests that a scan was given, and the questions it asks: which release is this directory,
// and is this file the vendor's. Loaded once, then read by all threads.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "known/line_marks.h"
#include "known/manifest.h"
#include "known/recognition.h"

namespace backscan::known {

enum class Standing : std::uint8_t { kNotListed, kOriginal, kChanged };

/// One manifest, as a scan needs it: what is listed, by hashes of paths; lines stay in the file.
class Release {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Release>> load(const std::string& file);

  [[nodiscard]] const Manifest& head() const { return head_; }  // without files
  [[nodiscard]] bool lists(std::string_view path) const;
  [[nodiscard]] bool is_sealed(std::string_view path) const { return lies_in(head_.sealed, path); }
  [[nodiscard]] bool is_loose(std::string_view path) const { return lies_in(head_.loose, path); }
  /// `bytes`: the whole file. Other line ends, as an FTP program makes them, are no change.
  [[nodiscard]] Standing compare(std::string_view path, std::string_view bytes) const;
  /// Of the original; nothing where the manifest has none or is not what it was.
  [[nodiscard]] std::optional<LineMarks> original_lines(std::string_view path) const;

  /// Some listed paths that an installation has, too, whatever its owner changed.
  [[nodiscard]] const std::vector<std::string>& witnesses() const { return witnesses_; }
  /// XXH3 of the manifest.
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

 private:
  struct Entry {
    std::uint64_t path = 0;  // XXH3
    std::uint64_t size = 0;
    std::uint64_t at = 0;  // of its line in the file
    std::uint32_t length = 0;
    HashKind kind = HashKind::kSha256;
    bool has_size = false;
    std::array<char, 32> digest{};
  };
  Release() = default;
  [[nodiscard]] std::string_view digest_of_entry(const Entry& entry) const;
  [[nodiscard]] std::vector<Entry>::const_iterator first(std::uint64_t path) const;
  [[nodiscard]] bool has(std::uint64_t path, std::string_view bytes) const;
  void choose_witnesses(std::vector<std::string> php);

  std::string file_;
  Manifest head_;
  std::vector<Entry> entries_;  // by path
  std::vector<std::string> witnesses_;
  std::uint64_t digest_ = 0;
};

class KnownGood {
 public:
  /// Manifests, or directories of them (*.known). Errors name the file and the line.
  [[nodiscard]] static Result<KnownGood> load(const std::vector<std::string>& paths);

  [[nodiscard]] bool is_empty() const { return releases_.empty(); }
  /// Where marks lie below a root; a directory that has none of them is no installation.
  [[nodiscard]] std::vector<std::string> mark_paths() const;

  struct Recognition {
    const Release* release = nullptr;
    /// "WordPress 6.2": an application whose release is in no manifest.
    std::string unlisted;
  };
  [[nodiscard]] Recognition recognise(const TreeReader& read) const;

  /// Of all manifests, for caches of verdicts.
  [[nodiscard]] std::string digest() const;

 private:
  std::vector<std::unique_ptr<Release>> releases_;
  std::map<std::string, std::vector<const Release*>> by_mark_;
};

}  // namespace backscan::known

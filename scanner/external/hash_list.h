// Lists of the hashes of known malware, by the million: a file of sorted records that is mapped, not
// read, so that loading takes no time that grows with it. Looked up by size first: only files of a
// listed size are hashed at all.
//
// The file, numbers in little-endian order: "bshash1\n"; one byte each of severity and confidence, six
// of zero; the number of MD5, SHA-1 and SHA-256 records, the bytes of names (64 bits each); the records
// of each kind, each the size (all ones: any), the digest and the offset of the name (32 bits), in
// order of size and digest; the names, each a length (16 bits) and text, the first the title of the
// list; XXH3 of all that (64 bits).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/error.h"
#include "rules/rule_set.h"

namespace backscan::external {

inline constexpr std::uint64_t kAnySize = UINT64_MAX;

/// Gives a mapped file back.
struct UnmapList {
  std::size_t bytes = 0;
  void operator()(const char* at) const;
};

class HashList {
 public:
  /// Maps `path`, a file <name>.hashes; what is torn or no such list is an error.
  [[nodiscard]] static Result<HashList> open(const std::string& path);
  HashList(HashList&&) noexcept = default;
  HashList& operator=(HashList&&) noexcept = default;

  /// `external/<name>`: all that the list finds is reported as this rule's.
  [[nodiscard]] const rules::RuleInfo& rule() const { return rule_; }
  [[nodiscard]] std::uint64_t count() const;
  /// Hashes of this kind are listed for files of this very size.
  [[nodiscard]] bool lists_size(HashKind kind, std::uint64_t size) const;
  /// Hashes of this kind are listed for files of any size.
  [[nodiscard]] bool lists_any_size(HashKind kind) const { return lists_size(kind, kAnySize); }
  /// The name under which `digest` is listed for files of this size, or of any.
  [[nodiscard]] std::optional<std::string_view> find(HashKind kind, std::string_view digest,
                                                     std::uint64_t size) const;
  /// XXH3 of the file, in hex.
  [[nodiscard]] const std::string& digest() const { return digest_; }

 private:
  HashList() = default;
  [[nodiscard]] Result<void> read_head(const std::string& path);
  [[nodiscard]] std::uint64_t size_at(HashKind kind, std::uint64_t index) const;
  [[nodiscard]] std::string_view digest_at(HashKind kind, std::uint64_t index) const;
  [[nodiscard]] std::optional<std::string_view> name_at(std::uint64_t offset) const;
  /// The first record that is not before (size, digest).
  [[nodiscard]] std::uint64_t lower_bound(HashKind kind, std::uint64_t size,
                                          std::string_view digest) const;
  [[nodiscard]] std::optional<std::string_view> find_exactly(HashKind kind, std::string_view digest,
                                                             std::uint64_t size) const;

  std::unique_ptr<const char, UnmapList> map_;
  std::string_view file_;
  std::array<std::uint64_t, 3> counts_{};
  std::array<std::string_view, 3> records_;
  std::string_view names_;
  rules::RuleInfo rule_;
  std::string digest_;
};

/// Collects hashes and writes them as a list.
class HashListWriter {
 public:
  HashListWriter(Severity severity, Confidence confidence, std::string title);

  /// `digest`: as bytes, of its kind's length.
  void add(HashKind kind, std::string_view digest, std::uint64_t size, std::string_view name);
  /// Records added, doubles included.
  [[nodiscard]] std::size_t count() const;
  /// Sorts, drops doubles (the first name stays) and writes; returns how many records stand there.
  [[nodiscard]] Result<std::size_t> write(const std::string& path);

 private:
  template <std::size_t kBytes>
  struct Record {
    std::uint64_t size;
    std::array<unsigned char, kBytes> digest;
    std::uint32_t name;
  };
  template <std::size_t kBytes>
  void add_to(std::vector<Record<kBytes>>& records, std::string_view digest, std::uint64_t size);
  template <std::size_t kBytes>
  static void finish(std::vector<Record<kBytes>>& records, std::string& out);

  Severity severity_;
  Confidence confidence_;
  std::vector<Record<16>> md5_;
  std::vector<Record<20>> sha1_;
  std::vector<Record<32>> sha256_;
  std::string names_;
  std::string last_name_;
  std::uint32_t last_name_at_ = 0;
};

}  // namespace backscan::external

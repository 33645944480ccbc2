// A hash table from texts that others own to values: open addressing in one block, because a log of a
// million lines asks it several million times and a node for each entry is a malloc and a cache miss.
// Keyed, because what stands in a mail log is chosen by strangers.
#pragma once

#include <xxhash.h>

#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

#include "mail/huge_pages.h"

namespace backscan::mail {

/// Keys must not be empty, and must outlive the table. Entries are never removed.
template <typename Value>
class TextTable {
 public:
  struct Entry {
    std::string_view key;
    std::uint32_t hash = 0;
    Value value{};
  };

  /// The entry of that key, or null. Valid until the next insert().
  [[nodiscard]] Entry* find(std::string_view key) { return find(key, hash_of(key)); }
  [[nodiscard]] const Entry* find(std::string_view key) const {
    return const_cast<TextTable*>(this)->find(key);
  }

  /// The entry of `key`; a new one keeps what `own(key)` gives, a text that lasts.
  template <typename Own>
  Entry& insert(std::string_view key, const Own& own) {
    const std::uint32_t hash = hash_of(key);
    if (Entry* known = find(key, hash)) return *known;
    if ((size_ + 1) * 3 > entries_.size() * 2) grow();
    Entry& entry = entries_[free_place(hash)];
    entry.key = own(key);
    entry.hash = hash;
    ++size_;
    return entry;
  }

 private:
  [[nodiscard]] std::uint32_t hash_of(std::string_view key) const {
    return static_cast<std::uint32_t>(XXH3_64bits_withSeed(key.data(), key.size(), seed_));
  }
  [[nodiscard]] Entry* find(std::string_view key, std::uint32_t hash) {
    if (entries_.empty()) return nullptr;
    const std::size_t mask = entries_.size() - 1;
    for (std::size_t at = hash & mask; !entries_[at].key.empty(); at = (at + 1) & mask)
      if (entries_[at].hash == hash && entries_[at].key == key) return &entries_[at];
    return nullptr;
  }
  [[nodiscard]] std::size_t free_place(std::uint32_t hash) const {
    const std::size_t mask = entries_.size() - 1;
    std::size_t at = hash & mask;
    while (!entries_[at].key.empty()) at = (at + 1) & mask;
    return at;
  }
  void grow() {
    constexpr std::size_t kFirst = 64;
    std::vector<Entry, HugePages<Entry>> old(entries_.empty() ? kFirst : entries_.size() * 2);
    old.swap(entries_);
    for (Entry& entry : old)
      if (!entry.key.empty()) entries_[free_place(entry.hash)] = std::move(entry);
  }

  std::uint64_t seed_ = (std::uint64_t{std::random_device{}()} << 32U) | std::random_device{}();
  std::vector<Entry, HugePages<Entry>> entries_;  // a power of two
  std::size_t size_ = 0;
};

}  // namespace backscan::mail

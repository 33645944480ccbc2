// What was seen before in this run: most bytes of a hosting machine are copies. A table of bounded
// size from a keyed content hash to the verdict; it never outlives the run (XXH3 is no proven PRF,
// so its secret must not either).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "model/finding.h"

namespace backscan::scan {

/// 128 bits over contents and circumstances.
struct MemoKey {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const MemoKey&) const = default;
};

/// What a file with the same key said. Findings lack what depends on the path (findings.h).
struct MemoVerdict {
  bool is_interesting = false;                           // FileVerdict::is_interesting
  std::shared_ptr<const std::vector<Finding>> findings;  // null: none
};

class Memo {
 public:
  /// `capacity`: verdicts kept at most; the oldest of a bucket goes first.
  explicit Memo(std::size_t capacity);

  /// The key of `bytes` under `circumstances`: whatever else the verdict depends on.
  [[nodiscard]] MemoKey key_of(std::string_view bytes, std::string_view circumstances) const;
  [[nodiscard]] std::optional<MemoVerdict> find(const MemoKey& key);
  void remember(const MemoKey& key, MemoVerdict verdict);

 private:
  static constexpr std::size_t kWays = 4;
  static constexpr std::size_t kStripes = 64;
  // A key's bucket is chosen by `high`; of `low` as many bits as fit are kept. Zero: free.
  static constexpr std::uint64_t kIsInteresting = 1;
  static constexpr std::uint64_t kIsSeen = 2;
  [[nodiscard]] static std::uint64_t mark_of(const MemoKey& key) {
    return (key.low & ~(kIsSeen | kIsInteresting)) | kIsSeen;
  }
  struct Bucket {
    std::array<std::uint64_t, kWays> marks;  // the newest first
  };
  struct alignas(64) Stripe {
    std::mutex mutex;
    std::unordered_map<std::uint64_t, std::pair<MemoKey, MemoVerdict>> hits;  // with findings
  };
  [[nodiscard]] Stripe& stripe_of(const MemoKey& key) { return stripes_[key.high % kStripes]; }
  [[nodiscard]] Bucket& bucket_of(const MemoKey& key) {
    return buckets_[(key.high / kStripes) % (bucket_count_ / kStripes) * kStripes +
                    key.high % kStripes];
  }

  std::array<unsigned char, 192> secret_;
  // Straight from the system: zero, and pages that no file needs are never touched.
  struct Unmap {
    std::size_t bytes = 0;
    void operator()(Bucket* buckets) const;
  };
  static_assert(std::is_trivially_destructible_v<Bucket>);
  std::size_t bucket_count_;
  std::unique_ptr<Bucket[], Unmap> buckets_;
  std::array<Stripe, kStripes> stripes_;
};

}  // namespace backscan::scan

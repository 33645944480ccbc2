// How often each rule was a candidate and how often it held, counted over a scan: what says whether the
// part that wakes a rule is rare enough. For `rules stats` alone; a scan of users does not count.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace backscan::rules {

class RuleCounts {
 public:
  explicit RuleCounts(std::size_t rules) : counts_(rules) {}

  /// A file had what wakes `rule`; `holds`: and all the rest.
  void add(std::uint32_t rule, bool holds) {
    // All threads add to the same numbers, which are read when they are done.
    counts_[rule].candidates.fetch_add(1, std::memory_order_relaxed);
    if (holds) counts_[rule].confirmed.fetch_add(1, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t candidates(std::size_t rule) const {
    return counts_[rule].candidates.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t confirmed(std::size_t rule) const {
    return counts_[rule].confirmed.load(std::memory_order_relaxed);
  }

 private:
  struct Count {
    std::atomic<std::uint64_t> candidates{0};
    std::atomic<std::uint64_t> confirmed{0};
  };
  std::vector<Count> counts_;
};

}  // namespace backscan::rules

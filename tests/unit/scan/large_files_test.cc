#include "scan/large_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace backscan::scan {
namespace {

/// The most bytes that were held at once by threads that each take many turns of `bytes`.
std::uint64_t most_at_once(std::uint64_t bytes) {
  LargeFiles files;
  std::atomic<std::uint64_t> held{0};
  std::atomic<std::uint64_t> most{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int turn = 0; turn < 200; ++turn) {
        const LargeFiles::Turn mine(files, bytes);
        const std::uint64_t now = held += bytes;
        std::uint64_t before = most.load();
        while (before < now && !most.compare_exchange_weak(before, now)) {
        }
        std::this_thread::yield();
        held -= bytes;
      }
    });
  threads.clear();
  return most.load();
}

TEST(LargeFiles, AreFewAtOnce) {
  EXPECT_LE(most_at_once(LargeFiles::kBytesAtOnce / 2), LargeFiles::kBytesAtOnce);
  EXPECT_EQ(most_at_once(LargeFiles::kBytesAtOnce - 1), LargeFiles::kBytesAtOnce - 1);
}

TEST(LargeFiles, BeyondWhatIsHeldAtOnceHaveTheirTurnAlone) {
  EXPECT_EQ(most_at_once(5 * LargeFiles::kBytesAtOnce), 5 * LargeFiles::kBytesAtOnce);
}

TEST(LargeFiles, AreNotWaitedForBySmallOnes) {
  LargeFiles files;
  const LargeFiles::Turn large(files, 100 * LargeFiles::kBytesAtOnce);
  const LargeFiles::Turn small(files, LargeFiles::kLargeBytes - 1);  // would wait for ever
  const LargeFiles::Turn empty(files, 0);
}

}  // namespace
}  // namespace backscan::scan

// A limit on work, not on waiting.
#include "base/cpu_limit.h"

#include <gtest/gtest.h>

#include <thread>

namespace backscan::testing {
namespace {

using std::chrono::milliseconds;

TEST(CpuLimit, IsOverAtOnceWithoutAnyTime) {
  EXPECT_TRUE(CpuLimit(milliseconds(0)).is_over());
}

TEST(CpuLimit, WaitingIsNotWork) {
  CpuLimit limit(milliseconds(20));
  std::this_thread::sleep_for(milliseconds(25));
  EXPECT_FALSE(limit.is_over());
  std::this_thread::sleep_for(milliseconds(25));
  EXPECT_FALSE(limit.is_over());
}

TEST(CpuLimit, EndlessWorkEnds) {
  CpuLimit limit(milliseconds(5));
  while (!limit.is_over()) {
  }
  SUCCEED();
}

}  // namespace
}  // namespace backscan::testing

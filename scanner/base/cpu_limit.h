// How long a thread has worked on one thing, asked often: its own file because the obvious way, the
// thread's clock, is a system call each time.
#pragma once

#include <chrono>

namespace backscan {

/// Starts when made. While the clock on the wall has not passed the limit, the thread cannot have
/// worked that long either; only from then on is its processor time counted, so that a busy host
/// does not leave honest work undone. What runs without a pause gets at most twice the limit.
class CpuLimit {
 public:
  explicit CpuLimit(std::chrono::nanoseconds limit)
      : limit_(limit), wall_end_(std::chrono::steady_clock::now() + limit) {}

  [[nodiscard]] bool is_over();

 private:
  std::chrono::nanoseconds limit_;
  std::chrono::steady_clock::time_point wall_end_;
  std::chrono::nanoseconds cpu_end_{};  // 0 until the wall's is over
};

}  // namespace backscan

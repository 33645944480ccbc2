// Reads the thread's clock only once the wall's has run out (cpu_limit.h).
#include "base/cpu_limit.h"

#include <time.h>

namespace backscan {
namespace {

std::chrono::nanoseconds thread_time() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

bool CpuLimit::is_over() {
  if (std::chrono::steady_clock::now() < wall_end_) return false;
  const auto now = thread_time();
  if (cpu_end_ == std::chrono::nanoseconds{}) cpu_end_ = now + limit_;
  return now >= cpu_end_;
}

}  // namespace backscan

// CPU, wall time and memory of one piece of work, done in a process of its own so that nothing it
// warms or allocates is counted to the next one.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace backscan::bench {

struct Usage {
  double cpu_seconds = 0;
  double wall_seconds = 0;
  double max_rss_mib = 0;
  int exit_status = 0;
};

/// Runs `work` in a forked process. The caller must have no other threads.
[[nodiscard]] Usage measure(const std::function<void()>& work);

/// Runs a program with its output thrown away.
[[nodiscard]] Usage measure_command(const std::vector<std::string>& arguments);

[[nodiscard]] double median(std::vector<double> values);

}  // namespace backscan::bench

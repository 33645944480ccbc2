// SIGINT and SIGTERM as a flag that a running command polls. A thread that waits for the signals,
// not a handler: a handler would need a global.
#pragma once

#include <signal.h>

#include <atomic>
#include <stop_token>
#include <thread>

namespace backscan::cli {

/// While it lives, SIGINT and SIGTERM are blocked in this thread and those it starts (make it before
/// them); the first one sets `interrupted()` and requests a stop, the second one kills.
class InterruptWatch {
 public:
  InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  ~InterruptWatch();

  [[nodiscard]] const std::atomic<bool>& interrupted() const { return interrupted_; }
  /// For work that takes a token instead of a flag.
  [[nodiscard]] std::stop_token stop_token() const { return interrupt_.get_token(); }

 private:
  void wait(const std::stop_token& stop);

  sigset_t watched_{};
  sigset_t before_{};
  // Set once, polled by scanning threads; nothing else is handed over with it.
  std::atomic<bool> interrupted_{false};
  std::stop_source interrupt_;
  std::jthread waiter_;
};

}  // namespace backscan::cli

// sigtimedwait in short turns, so that the thread also notices that it is no longer wanted.
#include "cli/interrupts.h"

#include <pthread.h>
#include <unistd.h>

namespace backscan::cli {

InterruptWatch::InterruptWatch() {
  ::sigemptyset(&watched_);
  ::sigaddset(&watched_, SIGINT);
  ::sigaddset(&watched_, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &watched_, &before_);
  waiter_ = std::jthread([this](const std::stop_token& stop) { wait(stop); });
}

InterruptWatch::~InterruptWatch() {
  waiter_.request_stop();
  waiter_.join();
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void InterruptWatch::wait(const std::stop_token& stop) {
  constexpr timespec kTurn{.tv_sec = 0, .tv_nsec = 50'000'000};
  while (!stop.stop_requested()) {
    const int signal = ::sigtimedwait(&watched_, nullptr, &kTurn);
    if (signal < 0) continue;
    if (interrupted_.exchange(true, std::memory_order_relaxed)) {
      // Asked twice: die of the signal at once, as the caller's shell expects.
      ::signal(signal, SIG_DFL);
      ::pthread_sigmask(SIG_UNBLOCK, &watched_, nullptr);
      ::kill(::getpid(), signal);
    }
    interrupt_.request_stop();
  }
}

}  // namespace backscan::cli

// One thread waits for the signals; the last one is sent to it alone, when it is no longer wanted.
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
  ::pthread_kill(waiter_.native_handle(), SIGTERM);
  waiter_.join();
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void InterruptWatch::wait(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    int signal = 0;
    if (::sigwait(&watched_, &signal) != 0 || stop.stop_requested()) continue;
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

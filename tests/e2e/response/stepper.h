// Runs a piece of work in a child process under ptrace(2) and makes something go wrong at its n-th
// system call: killed before or after it, or the call fails. What strace's fault injection does, but
// fast enough for thousands of rounds.
#pragma once

#include <cstddef>
#include <functional>

namespace backscan::test {

enum class Fault { kKill, kError };

struct Stepped {
  bool is_hit = false;      // the fault was made; else the work ended before
  std::size_t stops = 0;    // system call entries and exits seen until the end or the fault
  int exit_code = -1;       // of work that ended by itself
};

/// `work` runs in the child; its return value is the exit code. kKill: at the `at`-th stop, entries and
/// exits counted alike from 0. kError: the `at`-th of those calls that can fail for want of room or by
/// a broken disk fails with `error_number`; only where can_inject_errors().
[[nodiscard]] Stepped run_stepped(const std::function<int()>& work, std::size_t at, Fault fault,
                                  int error_number = 0);

[[nodiscard]] bool can_inject_errors();

}  // namespace backscan::test

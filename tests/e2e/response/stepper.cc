// PTRACE_GET_SYSCALL_INFO tells entry from exit; changing a result needs the machine's registers.
#include "stepper.h"

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace backscan::test {
namespace {

constexpr int kSyscallStop = SIGTRAP | 0x80;

#if defined(__x86_64__)
// An array is iterated: glibc's own names for what may fail on a full or broken disk.
constexpr std::array<long, 14> kFallible = {
    SYS_write,     SYS_openat, SYS_linkat, SYS_renameat2, SYS_renameat, SYS_unlinkat,  SYS_fsync,
    SYS_utimensat, SYS_fchown, SYS_fchmod, SYS_pread64,   SYS_mkdirat,  SYS_fsetxattr, SYS_ftruncate};

bool is_fallible_entry(pid_t child) {
  user_regs_struct registers{};
  if (::ptrace(PTRACE_GETREGS, child, nullptr, &registers) != 0) return false;
  return std::ranges::find(kFallible, static_cast<long>(registers.orig_rax)) != kFallible.end();
}

/// At an entry: the kernel is given a call that does not exist, and at its exit the error wanted.
bool fail_call(pid_t child, int error_number) {
  user_regs_struct registers{};
  if (::ptrace(PTRACE_GETREGS, child, nullptr, &registers) != 0) return false;
  registers.orig_rax = static_cast<unsigned long long>(-1);
  if (::ptrace(PTRACE_SETREGS, child, nullptr, &registers) != 0) return false;
  if (::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr) != 0) return false;
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return false;
  if (::ptrace(PTRACE_GETREGS, child, nullptr, &registers) != 0) return false;
  registers.rax = static_cast<unsigned long long>(-error_number);
  return ::ptrace(PTRACE_SETREGS, child, nullptr, &registers) == 0;
}
#else
bool is_fallible_entry(pid_t) { return false; }
bool fail_call(pid_t, int) { return false; }
#endif

bool is_entry(pid_t child) {
  __ptrace_syscall_info information {};
  const long size = ::ptrace(PTRACE_GET_SYSCALL_INFO, child,
                             sizeof information, &information);
  return size > 0 && information.op == PTRACE_SYSCALL_INFO_ENTRY;
}

[[noreturn]] void be_child(const std::function<int()>& work) {
  ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  ::raise(SIGSTOP);
  ::_exit(work());
}

}  // namespace

bool can_inject_errors() {
#if defined(__x86_64__)
  return true;
#else
  return false;
#endif
}

Stepped run_stepped(const std::function<int()>& work, std::size_t at, Fault fault,
                    int error_number) {
  Stepped stepped;
  const pid_t child = ::fork();
  if (child == 0) be_child(work);
  int status = 0;
  ::waitpid(child, &status, 0);
  ::ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  std::size_t fallible = 0;
  int signal = 0;
  while (true) {
    ::ptrace(PTRACE_SYSCALL, child, nullptr, signal);
    if (::waitpid(child, &status, 0) != child) return stepped;
    if (WIFEXITED(status)) {
      stepped.exit_code = WEXITSTATUS(status);
      return stepped;
    }
    if (WIFSIGNALED(status)) return stepped;
    signal = 0;
    if (WSTOPSIG(status) != kSyscallStop) {
      // exec's SIGTRAP is ours; any other signal is the child's.
      if (WSTOPSIG(status) != SIGTRAP) signal = WSTOPSIG(status);
      continue;
    }
    if (fault == Fault::kKill && stepped.stops++ == at) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      stepped.is_hit = true;
      return stepped;
    }
    if (fault == Fault::kError && is_entry(child) && is_fallible_entry(child) &&
        fallible++ == at) {
      ++stepped.stops;
      stepped.is_hit = fail_call(child, error_number);
    }
  }
}

}  // namespace backscan::test

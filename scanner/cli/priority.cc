// glibc has no wrapper for ioprio_set(2), and newer kernels' header for it is not C++ (a parameter
// is named `class`): its three numbers, which the kernel keeps for good, stand here.
#include "cli/priority.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace backscan::cli {
namespace {

constexpr int kWhoProcess = 1;   // IOPRIO_WHO_PROCESS
constexpr int kClassIdle = 3;    // IOPRIO_CLASS_IDLE
constexpr int kClassShift = 13;  // IOPRIO_CLASS_SHIFT

}  // namespace

void lower_priority() {
  constexpr int kLowest = 19;
  (void)::setpriority(PRIO_PROCESS, 0, kLowest);
  (void)::syscall(SYS_ioprio_set, kWhoProcess, 0, kClassIdle << kClassShift);
}

}  // namespace backscan::cli

// Streams in, exit code out; everything else is cli::run.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

#include "cli/cli.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace {

// What one file needed the next one needs too: giving it back in between costs a page fault for
// every page (a fifth of a scan's time).
void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  mallopt(M_TRIM_THRESHOLD, 128 << 20);
  mallopt(M_TOP_PAD, 4 << 20);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  // A closed output pipe must be an error that is told (exit 2), not a silent death.
  std::signal(SIGPIPE, SIG_IGN);
  const backscan::cli::Streams streams{
      .out = std::cout,
      .err = std::cerr,
      .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
      .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
      .in = &std::cin,
  };
  return backscan::cli::run(argc, argv, streams);
}

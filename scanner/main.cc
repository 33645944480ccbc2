// Streams in, exit code out; everything else is cli::run.
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "base/keep_memory.h"
#include "cli/cli.h"
#include "cli/standard_output.h"

int main(int argc, char** argv) {
  backscan::keep_freed_memory();
  // A closed output pipe must be an error that is told (exit 2), not a silent death.
  std::signal(SIGPIPE, SIG_IGN);
  backscan::cli::StandardOutput output(STDOUT_FILENO);
  std::ostream out(&output);
  const backscan::cli::Streams streams{
      .out = out,
      .err = std::cerr,
      .out_error = &output.error(),
      .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
      .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
      .in = &std::cin,
  };
  return backscan::cli::run(argc, argv, streams);
}

// The command line: from argv to an exit code. Nothing outside cli/ knows CLI11.
#pragma once

#include <iosfwd>

namespace backscan::cli {

/// Exit codes of CONTRACT.md.
enum ExitCode : int { kOk = 0, kFindings = 1, kError = 2, kUnknown = 3 };

/// The outside world of a command, so that tests run whole commands in process.
struct Streams {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
};

/// Runs one command line; never throws.
[[nodiscard]] int run(int argc, const char* const* argv, const Streams& streams);

}  // namespace backscan::cli

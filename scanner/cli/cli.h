// The command line: from argv to an exit code. Nothing outside cli/ knows CLI11.
#pragma once

#include <iosfwd>
#include <string>

namespace backscan::cli {

/// Exit codes of CONTRACT.md.
enum ExitCode : int { kOk = 0, kFindings = 1, kError = 2, kUnknown = 3 };

/// The outside world of a command, so that tests run whole commands in process.
struct Streams {
  std::ostream& out;
  std::ostream& err;
  const int* out_error = nullptr;  // errno of the first write to `out` that failed; null: unknown
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::istream* in = nullptr;  // null: nothing can be read from standard input
  /// Read last, if it is there; the only configuration that no flag names.
  std::string system_config = "/etc/backscan/backscan.toml";
};

/// Runs one command line; never throws.
[[nodiscard]] int run(int argc, const char* const* argv, const Streams& streams);

}  // namespace backscan::cli

// One function a subcommand: it adds its options to `app` and, if chosen, leaves the exit code in
// `context.exit_code`. One file each; `run.cc` puts them together.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>

#include "cli/cli.h"
#include "model/finding.h"

namespace backscan::cli {

/// What every command shares: the streams and the global options.
struct Context {
  const Streams& streams;
  std::string config_file;
  bool quiet = false;
  bool verbose = false;
  std::string color = "auto";
  int exit_code = kOk;

  [[nodiscard]] bool use_color() const;
  /// The clock, or SOURCE_DATE_EPOCH (reproducible-builds.org) in its place, so that two runs over
  /// the same files can be compared byte for byte.
  [[nodiscard]] Time now() const;
  /// One escaped line "backscan: …" on standard error.
  void complain(const std::string& message) const;
};

/// Each adds one subcommand whose callback runs it.
using AddCommand = void (*)(CLI::App& app, Context& context);
void add_accounts(CLI::App& app, Context& context);
void add_audit(CLI::App& app, Context& context);
void add_baseline(CLI::App& app, Context& context);
void add_clean(CLI::App& app, Context& context);
void add_notify(CLI::App& app, Context& context);
void add_quarantine(CLI::App& app, Context& context);
void add_report(CLI::App& app, Context& context);
void add_restore(CLI::App& app, Context& context);
void add_scan(CLI::App& app, Context& context);
void add_trace(CLI::App& app, Context& context);
void add_unpack(CLI::App& app, Context& context);
void add_blacklist(CLI::App& app, Context& context);
void add_rules(CLI::App& app, Context& context);

/// The directories that hold the shipped rules and zones: the build tree's own, else the installed.
[[nodiscard]] std::string signatures_directory();

}  // namespace backscan::cli

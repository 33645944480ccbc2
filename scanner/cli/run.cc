// Puts the subcommands together, parses, and maps every way to fail to an exit code of CONTRACT.md.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <ostream>

#include "base/error.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/settings.h"
#include "model/time_text.h"

namespace backscan::cli {

bool Context::use_color() const {
  if (color == "always") return true;
  if (color == "never" || std::getenv("NO_COLOR") != nullptr) return false;
  return streams.out_is_terminal;
}

void Context::complain(const std::string& message) const {
  streams.err << "backscan: " << escape_controls(message) << '\n';
}

Time Context::now() const {
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH"))
    if (const auto seconds = parse_duration(epoch)) return Time{*seconds};
  return std::chrono::system_clock::now();
}

std::string signatures_directory() {
  std::error_code ignored;
  if (std::filesystem::is_directory(BACKSCAN_SOURCE_SIGNATURES, ignored))
    return BACKSCAN_SOURCE_SIGNATURES;
  return BACKSCAN_INSTALL_SIGNATURES;
}

namespace {

// In the order of --help.
constexpr AddCommand kCommands[] = {
    add_scan,
    add_report,
    add_notify,
    add_quarantine,
    add_restore,
    add_clean,
    add_baseline,
    add_trace,
    add_blacklist,
    add_audit,
    add_unpack,
    add_rules,
    add_accounts,
};

/// What a failure exits with. For `blacklist`, 2 means listed: a failure must not look like it.
int failure_code(const CLI::App& app) {
  return app.got_subcommand("blacklist") ? kUnknown : kError;
}

/// One place for all commands: what was not written was not said, whatever else went well.
int finish(int code, const CLI::App& app, const Context& context) {
  const Streams& streams = context.streams;
  streams.out.flush();
  if (streams.out) return code;
  const int error = streams.out_error == nullptr ? 0 : *streams.out_error;
  context.complain("standard output: " +
                   (error == 0 ? std::string("cannot be written") : errno_text(error)));
  return failure_code(app);
}

int parse_and_run(int argc, const char* const* argv, const Streams& streams) {
  CLI::App app{"Finds the PHP that sends spam and backscatter, and whether the server is listed for it",
               "backscan"};
  Context context{.streams = streams};
  app.set_version_flag("--version", "backscan " BACKSCAN_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  app.add_flag("-q,--quiet", context.quiet, "Only results and errors");
  app.add_flag("-v,--verbose", context.verbose, "Say more");
  app.add_option("--color", context.color, "Colour: auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_option("--config", context.config_file,
                 "Settings file (TOML); read before " + streams.system_config)
      ->type_name("FILE");
  for (const AddCommand add : kCommands) add(app, context);
  // Runs after everything is parsed and before the chosen command does.
  app.parse_complete_callback([&] {
    const auto applied = apply_settings(app, context.config_file, streams.system_config);
    if (!applied) throw CLI::ConfigError(applied.error().message());
    if (context.quiet) return;
    for (const std::string& variable : unknown_variables(app))
      context.complain("warning: " + variable + " is no setting of backscan");
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    streams.out << app.help();
    return finish(kOk, app, context);
  } catch (const CLI::CallForAllHelp&) {
    streams.out << app.help("", CLI::AppFormatMode::All);
    return finish(kOk, app, context);
  } catch (const CLI::CallForVersion& version) {
    streams.out << version.what() << '\n';
    return finish(kOk, app, context);
  } catch (const CLI::ParseError& error) {
    context.complain(error.what());
    return failure_code(app);
  } catch (const std::exception& bug) {
    context.complain(std::string("internal error: ") + bug.what());
    return failure_code(app);
  }
  return finish(context.exit_code, app, context);
}

}  // namespace

int run(int argc, const char* const* argv, const Streams& streams) {
  try {
    return parse_and_run(argc, argv, streams);
  } catch (const std::exception& bug) {
    streams.err << "backscan: internal error: " << escape_controls(bug.what()) << '\n';
    return kError;
  }
}

}  // namespace backscan::cli

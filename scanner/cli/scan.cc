// `backscan scan`: where all rooms meet. Load, scan and ask side by side, join, report, judge.
#include <CLI/App.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <ostream>

#include "base/words.h"
#include "cli/commands.h"
#include "cli/input_files.h"
#include "cli/interrupts.h"
#include "cli/priority.h"
#include "cli/progress_line.h"
#include "cli/reputation.h"
#include "cli/result_flags.h"
#include "cli/scan_command.h"
#include "cli/scan_evidence.h"
#include "cli/scan_host.h"
#include "cli/scan_rules.h"
#include "join/join.h"
#include "report/merge.h"
#include "state/history.h"

namespace backscan::cli {
namespace {

/// Document roots outside of the paths that were given: no file is scanned twice.
void add_document_roots(const ScanHost& host, std::vector<std::string>& roots) {
  const std::vector<std::string> given = roots;
  for (std::string& root : host.document_roots()) {
    const bool is_inside = std::ranges::any_of(given, [&](const std::string& path) {
      return root == path || root.starts_with(path.ends_with('/') ? path : path + '/');
    });
    if (!is_inside) roots.push_back(std::move(root));
  }
}

Result<void> collect_targets(ScanCommand& command, const ScanHost& host, const Context& context) {
  walk::WalkOptions& walk = command.scan.walk;
  walk.roots = command.paths;
  if (command.accounts) {
    add_document_roots(host, walk.roots);
    if (walk.roots.empty() && command.files_from.empty())
      return std::unexpected(Error{"--accounts", "no document root was found on this host"});
  }
  if (!command.files_from.empty()) {
    const auto listed =
        read_path_list(command.files_from, command.null_separated, context.streams.in);
    if (!listed) return std::unexpected(listed.error());
    walk.roots.insert(walk.roots.end(), listed->begin(), listed->end());
  } else if (walk.roots.empty()) {
    return std::unexpected(Error{"scan", "no PATH given; try: backscan scan /var/www, or --accounts"});
  }
  for (const std::string& file : command.exclude_from) {
    const auto globs = read_glob_list(file);
    if (!globs) return std::unexpected(globs.error());
    walk.exclude.insert(walk.exclude.end(), globs->begin(), globs->end());
  }
  return walk::check_globs(walk);
}

/// Files that steer the scan must lie where the scanned do not write.
Result<void> check_steering_files(const ScanCommand& command, const Context& context) {
  std::vector<std::string> files = {context.config_file, command.results.baseline,
                                    command.results.diff_base, command.zones_file, command.rules_key};
  for (const auto* more : {&command.results.ignore_files, &command.exclude_from, &command.add_zones,
                           &command.rule_directories, &command.yara_files, &command.known_good})
    files.insert(files.end(), more->begin(), more->end());
  for (const std::string& file : files) {
    if (file.empty()) continue;
    if (auto outside = require_outside(file, command.scan.walk.roots); !outside) return outside;
  }
  return {};
}

/// No zones with --offline; nothing where they cannot be loaded.
std::optional<std::vector<dnsbl::Zone>> load_zones(const ScanCommand& command,
                                                   const Context& context) {
  if (command.offline) return std::vector<dnsbl::Zone>{};
  auto zones = dnsbl::choose_zones({.signatures_directory = signatures_directory(),
                                    .zones_file = command.zones_file,
                                    .add_files = command.add_zones,
                                    .site_directory = dnsbl::kSiteZonesDirectory,
                                    .with_extended = command.all_zones});
  if (zones) return *std::move(zones);
  for (const Error& error : zones.error()) context.complain(error.message());
  return std::nullopt;
}

bool wants_progress(const ScanCommand& command, const Context& context) {
  if (command.progress != "auto") return command.progress == "always";
  return context.streams.err_is_terminal && !context.quiet;
}

ScanResult scan_and_ask(const ScanCommand& command, const ScanHost& host,
                        const rules::RuleSet& rules, std::vector<dnsbl::Zone> zones,
                        const Context& context) {
  const InterruptWatch watch;
  std::optional<ReputationCheck> reputation;
  if (!command.offline)
    reputation.emplace(command, host.addresses(), std::move(zones), watch.stop_token());
  EvidenceCheck evidence(command, context.now(), watch.stop_token());
  std::optional<std::chrono::steady_clock::time_point> deadline;
  if (command.scan.time_limit)
    deadline = std::chrono::steady_clock::now() + *command.scan.time_limit;
  scan::Progress progress;
  ScanResult result;
  {
    std::optional<ProgressLine> line;
    if (wants_progress(command, context)) line.emplace(progress, context.streams.err);
    result = scan::scan(command.scan, rules, progress, watch.interrupted());
  }
  result.scan.is_offline = command.offline;
  result.scan.ips = command.ips;
  if (reputation) reputation->finish(result);
  evidence.finish(result, deadline);
  if (watch.interrupted() && result.summary.is_complete) {
    result.summary.is_complete = false;
    result.summary.incomplete_reasons.emplace_back("interrupted");
  }
  return result;
}

/// Where the clock is fixed, nothing measured may differ either.
void fix_clock(ScanResult& result, const Context& context) {
  if (!environment_variable("SOURCE_DATE_EPOCH")) return;
  result.scan.started = context.now();
  result.summary.wall_seconds = 0;
  result.summary.cpu_seconds = 0;
}

void tell_speed(const ScanResult& result, const Context& context) {
  if (context.quiet || !(context.verbose || context.streams.err_is_terminal)) return;
  const Summary& summary = result.summary;
  const double seconds = summary.wall_seconds > 0 ? summary.wall_seconds : 1e-9;
  const auto rate = static_cast<std::uint64_t>(static_cast<double>(summary.counts.bytes_scanned) / seconds);
  context.complain(fmt::format("scanned {} in {:.2f} s ({}/s, {:.2f} s of CPU)",
                               counted(summary.counts.files_scanned, "file"), summary.wall_seconds,
                               bytes_text(rate), summary.cpu_seconds));
}

void tell_host_errors(const ScanHost& host, ScanResult& result) {
  result.errors.insert(result.errors.end(), host.errors().begin(), host.errors().end());
}

/// The state names files and addresses: it is for its owner's eyes only.
Result<void> prepare_state(ScanCommand& command) {
  const std::string& directory = command.scan.state_directory;
  if (directory.empty()) {
    if (!command.scan.full) return {};
    return std::unexpected(Error{"--full", "needs --state DIR"});
  }
  command.scan.state_salt = BACKSCAN_VERSION;
  std::error_code error;
  if (std::filesystem::create_directories(directory, error))
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  if (error) return std::unexpected(Error{directory, error.message()});
  return require_outside(directory, command.scan.walk.roots);
}

/// A report without its history is still a report.
void add_history(const ScanCommand& command, ScanResult& result) {
  if (command.scan.state_directory.empty()) return;
  auto history = state::record_run(command.scan.state_directory, result);
  if (history)
    result.history = *std::move(history);
  else
    result.errors.push_back({.stage = Stage::kRead,
                             .path = history.error().object,
                             .reason = history.error().reason,
                             .is_note = true});
}

int run_scan(ScanCommand& command, const Context& context) {
  const auto fail = [&](const Error& error) {
    context.complain(error.message());
    return static_cast<int>(kError);
  };
  const ScanHost host(command);
  if (const auto collected = collect_targets(command, host, context); !collected)
    return fail(collected.error());
  if (const auto checked = check_steering_files(command, context); !checked)
    return fail(checked.error());
  if (const auto prepared = prepare_state(command); !prepared) return fail(prepared.error());
  if (const auto checked = check_outputs(command.results); !checked) return fail(checked.error());
  const auto accepted = load_accepted(command.results);
  if (!accepted) return fail(accepted.error());
  const auto loaded = load_rules(command, context);
  if (!loaded) return kError;
  const auto known_good = known::KnownGood::load(command.known_good);
  if (!known_good) return fail(known_good.error());
  if (!known_good->is_empty()) command.scan.known_good = &*known_good;
  auto zones = load_zones(command, context);
  if (!zones) return kError;
  if (command.nice) lower_priority();

  ScanResult result = scan_and_ask(command, host, loaded->own, *std::move(zones), context);
  result.scan.tool_version = BACKSCAN_VERSION;
  result.scan.seen = command.seen;
  tell_speed(result, context);
  fix_clock(result, context);
  if (command.accounts) tell_host_errors(host, result);
  host.assign_accounts(result);
  join::JoinOptions options = host.join_options(result);
  options.seen = command.seen;
  options.now = result.scan.started;
  join::add_evidence(result, options);
  report::sort_records(result);
  report::recount(result);
  apply_accepted(*accepted, result.scan.started, result);
  join::join(result, options);
  add_history(command, result);
  return finish_result(result, command.results, context);
}

}  // namespace

void add_scan(CLI::App& app, Context& context) {
  CLI::App* const scan =
      app.add_subcommand("scan", "Walk, match, ask the blacklists, cross-reference and report");
  scan->footer(
      "Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 an error, or something in scope was "
      "not scanned.\n"
      "Every flag can be set as BACKSCAN_<FLAG> (lists: one value a line) or under [scan] in the "
      "settings file: fail-on = \"high\".\n"
      "--ignore FILE is YAML, kept outside of what is scanned:\n"
      "  ignore:\n"
      "    - rule: open-relay/*        # an id, a glob or a class; also: fingerprint\n"
      "      path: \"webmail/**\"        # below the root; with a leading / the absolute path\n"
      "      reason: Vendor's webmail  # required\n"
      "      expires: 2027-06-30       # optional");
  const auto command = std::make_shared<ScanCommand>();
  add_scan_flags(*scan, *command, context.now());
  scan->callback([command, &context] { context.exit_code = run_scan(*command, context); });
}

}  // namespace backscan::cli

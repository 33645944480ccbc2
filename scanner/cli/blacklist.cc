// `backscan blacklist`: is this server on a DNS blacklist, in the manners of a Nagios plugin.
#include <CLI/App.hpp>
#include <chrono>
#include <memory>
#include <ostream>

#include "cli/blacklist_text.h"
#include "cli/commands.h"
#include "dnsbl/check.h"
#include "hosting/addresses.h"
#include "report/report.h"

namespace backscan::cli {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 not listed and enough lists answered; 1 only informational listings, or too few "
    "lists answered; 2 listed; 3 unknown: no list could be asked, or the command line is wrong "
    "(never 2, which would look like a listing).\n"
    "Without addresses, the public ones that this host sends from are found: interfaces, cPanel, "
    "Postfix and Exim settings.";

struct BlacklistOptions {
  std::vector<std::string> ips;
  std::vector<std::string> more_ips;  // --ip, for people who come from `scan`
  std::string nameserver;
  std::string zones_file;
  std::vector<std::string> add_zones;
  bool all_zones = false;
  double timeout_seconds = 5;
  std::size_t enough_percent = 75;
  std::string format = "text";
};

/// What to ask about, or the reason why nothing can be asked.
struct Subjects {
  std::vector<std::string> ips;
  std::string relayhost;
  std::string problem;
};

Subjects choose_subjects(const BlacklistOptions& options) {
  Subjects subjects{.ips = options.ips};
  subjects.ips.insert(subjects.ips.end(), options.more_ips.begin(), options.more_ips.end());
  if (!subjects.ips.empty()) return subjects;
  const auto found = hosting::discover_addresses();
  for (const auto& address : found.addresses) subjects.ips.push_back(address.ip);
  subjects.relayhost = found.relayhost;
  if (!subjects.ips.empty()) return subjects;
  subjects.problem = "no public address found on this host";
  if (found.only_private)
    subjects.problem += " (only private ones: " + found.private_addresses.front().ip + ')';
  subjects.problem += ": pass the address that others see with --ip ADDRESS";
  return subjects;
}

ScanResult as_scan_result(dnsbl::CheckResult&& check, const Subjects& subjects,
                          std::chrono::milliseconds elapsed) {
  ScanResult result;
  result.scan.ips = subjects.ips;
  result.scan.started = std::chrono::system_clock::now() - elapsed;
  result.listings = std::move(check.listings);
  result.errors = std::move(check.errors);
  result.summary.wall_seconds = static_cast<double>(elapsed.count()) / 1000;
  for (const ErrorRecord& error : result.errors)
    if (!error.is_note)
      result.summary.incomplete_reasons.push_back(error.path + ": " + error.reason);
  result.summary.is_complete = result.summary.incomplete_reasons.empty();
  return result;
}

/// Nothing could be asked: one line for people, and one for monitoring that only reads the other.
int fail(const Context& context, const BlacklistOptions& options, const std::string& problem) {
  context.complain(problem);
  if (options.format == "text") {
    dnsbl::CheckResult nothing;
    nothing.errors.push_back({Stage::kDns, "blacklist", problem});
    context.streams.out << blacklist_text(nothing, {.quiet = true});
  }
  return kUnknown;
}

int run_blacklist(const BlacklistOptions& options, const Context& context) {
  const Subjects subjects = choose_subjects(options);
  if (!subjects.problem.empty()) return fail(context, options, subjects.problem);
  const dnsbl::ZoneChoice choice{.signatures_directory = signatures_directory(),
                                 .zones_file = options.zones_file,
                                 .add_files = options.add_zones,
                                 .site_directory = dnsbl::kSiteZonesDirectory,
                                 .with_extended = options.all_zones};
  auto zones = dnsbl::choose_zones(choice);
  if (!zones) {
    for (std::size_t i = 1; i < zones.error().size(); ++i)
      context.complain(zones.error()[i].message());
    return fail(context, options, zones.error().front().message());
  }

  dnsbl::CheckOptions check_options;
  check_options.ips = subjects.ips;
  check_options.zones = std::move(*zones);
  check_options.nameserver = options.nameserver;
  check_options.timeout = std::chrono::milliseconds(
      static_cast<std::int64_t>(options.timeout_seconds * 1000 / check_options.tries));
  const auto start = std::chrono::steady_clock::now();
  auto result = dnsbl::check(check_options);
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  for (const ErrorRecord& error : result.errors) context.complain(error.path + ": " + error.reason);

  const int code = blacklist_exit_code(tally_of(result), options.enough_percent);
  if (options.format == "text") {
    context.streams.out << blacklist_text(result, {.enough_percent = options.enough_percent,
                                                   .elapsed = elapsed,
                                                   .relayhost = subjects.relayhost,
                                                   .color = context.use_color(),
                                                   .quiet = context.quiet,
                                                   .verbose = context.verbose});
  } else {
    std::string out;
    report::render(*report::parse_format(options.format),
                   as_scan_result(std::move(result), subjects, elapsed), {}, out);
    context.streams.out << out;
  }
  return code;
}

}  // namespace

void add_blacklist(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("blacklist",
                                     "Ask DNS blacklists about this server (a Nagios plugin, too)");
  auto options = std::make_shared<BlacklistOptions>();
  command->add_option("IP", options->ips,
                      "Addresses to ask about (default: this host's public ones)");
  command->add_option("--ip", options->more_ips, "The same; may be repeated")
      ->allow_extra_args(false);
  command->add_option("--nameserver", options->nameserver,
                      "Ask HOST[:PORT] or [IPv6]:PORT instead of the system's resolvers");
  command->add_option("--zones", options->zones_file,
                      "Ask the lists of this YAML file instead of the shipped ones");
  command->add_option("--add-zones", options->add_zones, "Ask the lists of this YAML file, too")
      ->allow_extra_args(false);
  command->add_flag("--all-zones", options->all_zones,
                    "Ask the extended set, too: smaller, doubtful, informational and white lists");
  command
      ->add_option("--timeout", options->timeout_seconds,
                   "Seconds after which a question without an answer is given up")
      ->check(CLI::Range(0.1, 60.0))
      ->capture_default_str();
  command
      ->add_option("--enough", options->enough_percent,
                   "Percentage of lists that must answer for exit code 0")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100}))
      ->capture_default_str();
  command->add_option("-f,--format", options->format, "text, json or jsonl")
      ->check(CLI::IsMember({"text", "json", "jsonl"}))
      ->capture_default_str();
  command->footer(kFooter);
  command->callback([options, &context] { context.exit_code = run_blacklist(*options, context); });
}

}  // namespace backscan::cli

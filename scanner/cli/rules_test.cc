// `backscan rules test DIR`: runs the fixtures and compares with what they say of themselves.
#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <ostream>

#include "base/text.h"
#include "cli/rules.h"
#include "cli/rules_tally.h"
#include "rules/lint.h"
#include "scan/scan.h"

namespace backscan::cli {
namespace {

struct TestOptions {
  std::vector<std::string> directories;
  std::string fixtures;
  std::vector<std::string> clean;
};

using SeenByPath = std::map<std::string, std::vector<rules::Seen>>;

/// The fixtures go through the scan that users run, so that what passes here is found there.
SeenByPath scan_fixtures(const std::string& directory, const known::KnownGood& known_good,
                         const rules::RuleSet& rules) {
  scan::ScanOptions options;
  options.known_good = &known_good;
  options.walk.roots = {directory};
  options.files = scan::FilesMode::kAll;
  scan::Progress progress;
  const std::atomic<bool> interrupted = false;
  SeenByPath seen;
  for (const Finding& finding : scan::scan(options, rules, progress, interrupted).findings)
    seen[finding.path].push_back({finding.rule, finding.line});
  return seen;
}

void print(const std::vector<Error>& notes, const char* prefix, std::ostream& out) {
  for (const Error& note : notes) out << prefix << escape_controls(note.message()) << '\n';
}

int run_test(const TestOptions& options, const Context& context) {
  const auto rules = rules::RuleSet::load({.directories = options.directories});
  if (!rules) return complain_all(context, rules.error());
  if (!options.clean.empty()) return print_clean(options.clean, *rules, context);
  const auto read = rules::read_rules(options.directories);
  if (!read) return complain_all(context, read.error());
  const std::string directory = fixtures_of(options.directories.front(), options.fixtures);
  if (directory.empty()) {
    context.complain(options.directories.front() + ": no fixtures beside it; say --fixtures DIR");
    return kError;
  }
  std::vector<Error> errors;
  const auto fixtures = rules::read_fixtures(directory, errors);
  if (!errors.empty()) return complain_all(context, errors);

  rules::FixtureReport report;
  const auto known_good = known::KnownGood::load(rules::manifests_of_fixtures(directory));
  if (!known_good) return complain_all(context, {known_good.error()});
  SeenByPath seen = scan_fixtures(directory, *known_good, *rules);
  for (const rules::FixtureFile& fixture : fixtures)
    rules::judge_fixture(
        fixture, seen[std::filesystem::absolute(fixture.path).lexically_normal().string()], report);
  std::vector<Error> failures = rules::lint_annotations(*read, fixtures);
  failures.insert(failures.end(), report.failures.begin(), report.failures.end());
  for (const Error& note : rules::lint_coverage(*read, report.coverage)) failures.push_back(note);

  print(failures, "", context.streams.out);
  if (context.verbose) print(report.gaps, "known gap: ", context.streams.out);
  if (!context.quiet)
    context.streams.out << fmt::format(
        "{} rules, {} fixtures, {} annotations: {} failed, {} known gaps\n", read->size(),
        fixtures.size(), report.checked, failures.size(), report.gaps.size());
  return failures.empty() ? kOk : kFindings;
}

}  // namespace

void add_rules_test(CLI::App& rules, Context& context) {
  auto* command = rules.add_subcommand("test", "Run the fixtures of rules");
  auto options = std::make_shared<TestOptions>();
  command->add_option("DIR", options->directories, "Directories of rules, <class>/<name>.yaml");
  command->add_option("--fixtures", options->fixtures,
                      "Directory of fixtures (default: DIR/../tests/fixtures/rules)");
  command->add_option("--clean", options->clean,
                      "Instead of fixtures: directories of honest files; lists what fires there");
  command->callback([options, &context] {
    if (options->directories.empty()) options->directories = {signatures_directory()};
    context.exit_code = run_test(*options, context);
  });
}

}  // namespace backscan::cli

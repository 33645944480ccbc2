// `backscan rules stats DIR`: what each rule finds in its fixtures or in another tree, how that is
// confirmed by annotations, what the rule costs there, and when it was changed last.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>

#include "base/text.h"
#include "cli/rules.h"
#include "cli/rules_tally.h"
#include "rules/lint.h"

namespace backscan::cli {
namespace {

struct StatsOptions {
  std::vector<std::string> directories;
  std::string fixtures;
  std::vector<std::string> trees;
  bool with_cost = false;
};

/// CPU milliseconds of scanning `trees` with this rule alone; the rest of a scan is in it, so that
/// only differences between rules mean something.
double cost_of(const std::string& id, const StatsOptions& options,
               const std::vector<std::string>& trees) {
  const auto alone =
      rules::RuleSet::load({.directories = options.directories, .only = {id}});
  return alone ? 1000 * tally_tree(trees, *alone).cpu_seconds : 0;
}

int run_stats(const StatsOptions& options, const Context& context) {
  const auto read = rules::read_rules(options.directories);
  if (!read) return complain_all(context, read.error());
  const auto rules = rules::RuleSet::load({.directories = options.directories});
  if (!rules) return complain_all(context, rules.error());
  const std::string directory = fixtures_of(options.directories.front(), options.fixtures);
  std::vector<Error> errors;
  std::map<std::string, rules::Coverage> coverage;
  if (!directory.empty()) coverage = rules::coverage_of(rules::read_fixtures(directory, errors));
  if (!errors.empty()) return complain_all(context, errors);
  std::vector<std::string> trees = options.trees;
  if (trees.empty() && !directory.empty()) trees = {directory};
  if (trees.empty()) {
    context.complain("rules stats: no fixtures and no --on DIR to count in");
    return kError;
  }
  const TreeTally tally = tally_tree(trees, *rules);
  std::size_t width = 4;
  for (const rules::Rule& rule : *read) width = std::max(width, rule.info.id.size());
  context.streams.out << fmt::format("{:{}}  {:8}  {:12}  {:10}  {:>5}  {:>8}  {:>4}  {:>3}{}\n",
                                     "rule", width, "severity", "status", "changed", "files",
                                     "findings", "hit", "ok", options.with_cost ? "   CPU ms" : "");
  for (const rules::Rule& rule : *read) {
    const auto found = tally.rules.find(rule.info.id);
    const RuleTally none;
    const RuleTally& counts = found == tally.rules.end() ? none : found->second;
    const rules::Coverage& told = coverage[rule.info.id];
    context.streams.out << fmt::format("{:{}}  {:8}  {:12}  {:10}  {:5}  {:8}  {:4}  {:3}",
                                       rule.info.id, width, name_of(rule.info.severity),
                                       rule.info.status, rule.info.date, counts.files.size(),
                                       counts.findings, told.hits, told.oks);
    if (options.with_cost)
      context.streams.out << fmt::format("  {:7.1f}", cost_of(rule.info.id, options, trees));
    context.streams.out << '\n';
  }
  return kOk;
}

}  // namespace

void add_rules_stats(CLI::App& rules, Context& context) {
  auto* command = rules.add_subcommand("stats", "Count what each rule finds and what it costs");
  auto options = std::make_shared<StatsOptions>();
  command->add_option("DIR", options->directories, "Directories of rules, <class>/<name>.yaml");
  command->add_option("--fixtures", options->fixtures,
                      "Directory of fixtures (default: DIR/../tests/fixtures/rules)");
  command->add_option("--on", options->trees, "Count in these directories, not in the fixtures");
  command->add_flag("--cost", options->with_cost,
                    "Also scan with each rule alone and tell the CPU time (slow)");
  command->callback([options, &context] {
    if (options->directories.empty()) options->directories = {signatures_directory()};
    context.exit_code = run_stats(*options, context);
  });
}

}  // namespace backscan::cli

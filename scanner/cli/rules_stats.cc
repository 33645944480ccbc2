// `backscan rules stats DIR`: what each rule finds in its fixtures or in another tree, how that is
// confirmed by annotations, how many files it was a candidate for, what it costs there, and when it was
// changed last.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
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
  std::string format = "text";
  std::optional<double> max_candidates_percent;
};

/// All that is known of one rule.
struct RuleStats {
  const rules::RuleInfo* rule = nullptr;
  RuleTally tally;
  rules::Coverage told;
  std::optional<double> cpu_ms;

  /// How many files had to be judged for one in which the rule held.
  [[nodiscard]] std::optional<double> candidates_per_match() const {
    if (tally.confirmed == 0) return std::nullopt;
    return static_cast<double>(tally.candidates) / static_cast<double>(tally.confirmed);
  }
  [[nodiscard]] double candidates_percent(std::uint64_t files) const {
    if (files == 0) return 0;
    return 100 * static_cast<double>(tally.candidates) / static_cast<double>(files);
  }
};

/// CPU milliseconds of scanning `trees` with this rule alone; the rest of a scan is in it, so that
/// only differences between rules mean something.
double cost_of(const std::string& id, const StatsOptions& options,
               const std::vector<std::string>& trees) {
  const auto alone =
      rules::RuleSet::load({.directories = options.directories, .only = {id}});
  return alone ? 1000 * tally_tree(trees, *alone).cpu_seconds : 0;
}

void print_table(const std::vector<RuleStats>& stats, bool with_cost, std::ostream& out) {
  std::size_t width = 4;
  for (const RuleStats& line : stats) width = std::max(width, line.rule->id.size());
  out << fmt::format("{:{}}  {:8}  {:12}  {:10}  {:>5}  {:>8}  {:>4}  {:>3}  {:>10}  {:>9}{}\n", "rule",
                     width, "severity", "status", "changed", "files", "findings", "hit", "ok",
                     "candidates", "per match", with_cost ? "   CPU ms" : "");
  for (const RuleStats& line : stats) {
    const auto per_match = line.candidates_per_match();
    out << fmt::format("{:{}}  {:8}  {:12}  {:10}  {:5}  {:8}  {:4}  {:3}  {:10}  {:>9}", line.rule->id,
                       width, name_of(line.rule->severity), line.rule->status, line.rule->date,
                       line.tally.files.size(), line.tally.findings, line.told.hits, line.told.oks,
                       line.tally.candidates, per_match ? fmt::format("{:.1f}", *per_match) : "-");
    if (line.cpu_ms) out << fmt::format("  {:7.1f}", *line.cpu_ms);
    out << '\n';
  }
}

void print_json(const std::vector<RuleStats>& stats, std::uint64_t files, std::ostream& out) {
  auto list = nlohmann::ordered_json::array();
  for (const RuleStats& line : stats) {
    nlohmann::ordered_json record = {{"rule", line.rule->id},
                                     {"severity", name_of(line.rule->severity)},
                                     {"status", line.rule->status},
                                     {"changed", line.rule->date},
                                     {"files", line.tally.files.size()},
                                     {"findings", line.tally.findings},
                                     {"hit", line.told.hits},
                                     {"ok", line.told.oks},
                                     {"candidates", line.tally.candidates},
                                     {"confirmed", line.tally.confirmed},
                                     {"candidates_per_match", nullptr},
                                     {"cpu_ms", nullptr}};
    if (const auto per_match = line.candidates_per_match()) record["candidates_per_match"] = *per_match;
    if (line.cpu_ms) record["cpu_ms"] = *line.cpu_ms;
    list.push_back(std::move(record));
  }
  const nlohmann::ordered_json all = {{"files", files}, {"rules", std::move(list)}};
  out << all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

/// The rules that are candidates in too many of `files`; the exit code.
int judge_candidates(const std::vector<RuleStats>& stats, std::uint64_t files,
                     const StatsOptions& options, const Context& context) {
  if (!options.max_candidates_percent) return kOk;
  int code = kOk;
  for (const RuleStats& line : stats) {
    const double percent = line.candidates_percent(files);
    if (percent <= *options.max_candidates_percent) continue;
    code = kFindings;
    context.complain(fmt::format("{}: is judged for {:.2f} % of {} files, more than {} %: begin with "
                                 "something rarer",
                                 line.rule->id, percent, files, *options.max_candidates_percent));
  }
  return code;
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
  const TreeTally tally = count_candidates(trees, *rules);
  std::vector<RuleStats> stats;
  for (const rules::Rule& rule : *read) {
    RuleStats& line = stats.emplace_back(RuleStats{.rule = &rule.info});
    if (const auto found = tally.rules.find(rule.info.id); found != tally.rules.end())
      line.tally = found->second;
    line.told = coverage[rule.info.id];
    if (options.with_cost) line.cpu_ms = cost_of(rule.info.id, options, trees);
  }
  if (options.format == "json")
    print_json(stats, tally.files, context.streams.out);
  else
    print_table(stats, options.with_cost, context.streams.out);
  return judge_candidates(stats, tally.files, options, context);
}

}  // namespace

void add_rules_stats(CLI::App& rules, Context& context) {
  auto* command = rules.add_subcommand("stats", "Count what each rule finds and what it costs");
  command->footer(
      "candidates: files that hold the rarest part of the rule, for which the rest is asked; per match: so "
      "many of them for one in which the rule holds; changed: the rule's date.");
  auto options = std::make_shared<StatsOptions>();
  command->add_option("DIR", options->directories, "Directories of rules, <class>/<name>.yaml");
  command->add_option("--fixtures", options->fixtures,
                      "Directory of fixtures (default: DIR/../tests/fixtures/rules)");
  command->add_option("--on", options->trees, "Count in these directories, not in the fixtures");
  command->add_flag("--cost", options->with_cost,
                    "Also scan with each rule alone and tell the CPU time (slow)");
  command->add_option("--max-candidates", options->max_candidates_percent,
                      "Exit 1 if a rule is a candidate in more than so many percent of the files")
      ->check(CLI::Range(0.0, 100.0))
      ->type_name("PERCENT");
  command->add_option("-f,--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  command->callback([options, &context] {
    if (options->directories.empty()) options->directories = {signatures_directory()};
    context.exit_code = run_stats(*options, context);
  });
}

}  // namespace backscan::cli

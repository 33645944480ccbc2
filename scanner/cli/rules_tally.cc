// Counting findings per rule (rules_tally.h), and the list that `rules test --clean` prints.
#include "cli/rules_tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <ostream>

#include "base/text.h"
#include "cli/rules.h"
#include "rules/rule_counts.h"
#include "scan/scan.h"

namespace backscan::cli {

namespace {

TreeTally tally(const std::vector<std::string>& directories, const rules::RuleSet& rules,
                rules::RuleCounts* counts) {
  scan::ScanOptions options;
  options.walk.roots = directories;
  options.files = scan::FilesMode::kAll;
  options.rule_counts = counts;
  options.use_memo = counts == nullptr;
  scan::Progress progress;
  const std::atomic<bool> interrupted = false;
  const ScanResult result = scan::scan(options, rules, progress, interrupted);
  TreeTally tally;
  tally.files = progress.files.load();
  tally.cpu_seconds = result.summary.cpu_seconds;
  for (const Finding& finding : result.findings) {
    RuleTally& rule = tally.rules[finding.rule];
    rule.severity = std::max(rule.severity, finding.severity);
    ++rule.findings;
    ++rule.files[finding.path];
  }
  return tally;
}

}  // namespace

TreeTally tally_tree(const std::vector<std::string>& directories, const rules::RuleSet& rules) {
  return tally(directories, rules, nullptr);
}

TreeTally count_candidates(const std::vector<std::string>& directories,
                           const rules::RuleSet& rules) {
  rules::RuleCounts counts(rules.rules().size());
  TreeTally counted = tally(directories, rules, &counts);
  for (std::size_t i = 0; i < rules.rules().size(); ++i) {
    RuleTally& rule = counted.rules[rules.rules()[i].id];
    rule.candidates = counts.candidates(i);
    rule.confirmed = counts.confirmed(i);
  }
  return counted;
}

int print_clean(const std::vector<std::string>& directories, const rules::RuleSet& rules,
                const Context& context) {
  const TreeTally tally = tally_tree(directories, rules);
  std::vector<std::pair<std::string, const RuleTally*>> fired;
  for (const auto& [id, rule] : tally.rules) fired.emplace_back(id, &rule);
  std::ranges::stable_sort(fired, std::ranges::greater{},
                           [](const auto& entry) { return entry.second->files.size(); });
  bool is_alarmed = false;
  for (const auto& [id, rule] : fired) {
    is_alarmed |= rule->severity >= Severity::kMedium;
    context.streams.out << fmt::format("{} ({}): {} findings in {} files\n", id,
                                       name_of(rule->severity), rule->findings,
                                       rule->files.size());
    for (const auto& [path, findings] : rule->files)
      context.streams.out << fmt::format("  {} ({})\n", escape_controls(path), findings);
  }
  if (!context.quiet)
    context.streams.out << fmt::format("{} files, {} rules fired, {:.1f} CPU seconds\n",
                                       tally.files, fired.size(), tally.cpu_seconds);
  return is_alarmed ? kFindings : kOk;
}

}  // namespace backscan::cli

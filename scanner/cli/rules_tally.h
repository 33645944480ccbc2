// What rules find in a tree, counted per rule: for `rules test --clean` and `rules stats`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "model/severity.h"
#include "rules/rule_set.h"

namespace backscan::cli {

struct RuleTally {
  Severity severity = Severity::kInfo;
  std::size_t findings = 0;
  std::map<std::string, std::size_t> files;  // path: findings in it
  /// Files that had what wakes the rule, and those of them where the rest held, too; counted on request.
  std::uint64_t candidates = 0;
  std::uint64_t confirmed = 0;
};

struct TreeTally {
  std::map<std::string, RuleTally> rules;  // those that found something or were counted, by id
  std::uint64_t files = 0;
  double cpu_seconds = 0;
};

/// Scans `directories` whole, with everything that a scan does.
[[nodiscard]] TreeTally tally_tree(const std::vector<std::string>& directories,
                                   const rules::RuleSet& rules);

/// The same, with candidates. Copies of a file are judged again, so that they count.
[[nodiscard]] TreeTally count_candidates(const std::vector<std::string>& directories,
                                         const rules::RuleSet& rules);

/// The rules that fire below `directories` of honest files, the busiest first, with their files; the
/// exit code says whether one of medium severity or above did.
int print_clean(const std::vector<std::string>& directories, const rules::RuleSet& rules,
                const Context& context);

}  // namespace backscan::cli

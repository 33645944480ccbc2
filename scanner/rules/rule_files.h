// The rule files of a directory, read whole and in order; and which of the rules a run wants.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "rules/rule.h"
#include "rules/rule_reader.h"

namespace backscan::rules {

/// Every `<class>/<name>.yaml` below each directory, sorted by id; a later directory's rule
/// replaces an earlier one's of the same id. Appends an error for what is misplaced or cannot be
/// read.
[[nodiscard]] std::vector<RuleSource> read_rule_files(std::span<const std::string> directories,
                                                      std::vector<Error>& errors);

/// True if `name` (an id, a class or a glob with '*') speaks of `id`.
[[nodiscard]] bool selects(std::string_view name, std::string_view id);

/// True if `options` want `rule`: --only, --skip, --min-severity, --min-confidence.
[[nodiscard]] bool is_wanted(const RuleInfo& rule, const LoadOptions& options);

/// Reads and validates the rule files of `options.directories`, wanted or not, sorted by id.
[[nodiscard]] std::expected<std::vector<Rule>, std::vector<Error>> read_rules(
    std::span<const std::string> directories);

}  // namespace backscan::rules

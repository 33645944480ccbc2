// What is wrong with rules that load: costly, untested, double or incomplete ones.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "rules/fixtures.h"
#include "rules/rule.h"

namespace backscan::rules {

/// Notes as "file:line", reason; ordered by rule. Each of them fails `rules check`.
[[nodiscard]] std::vector<Error> lint_rules(std::span<const Rule> rules);

/// Rules without a fixture that they must hit, or without one that they must leave alone.
[[nodiscard]] std::vector<Error> lint_coverage(std::span<const Rule> rules,
                                               const std::map<std::string, Coverage>& coverage);

/// The coverage that `fixtures` state, before anything is scanned; `todo` ones do not count.
[[nodiscard]] std::map<std::string, Coverage> coverage_of(std::span<const FixtureFile> fixtures);

/// Rules that annotations speak of and that do not exist.
[[nodiscard]] std::vector<Error> lint_annotations(std::span<const Rule> rules,
                                                  std::span<const FixtureFile> fixtures);

}  // namespace backscan::rules

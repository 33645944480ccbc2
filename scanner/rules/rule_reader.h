// One YAML text to one valid Rule, or to every error in it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "rules/rule.h"
#include "rules/yaml_source.h"

namespace backscan::rules {

struct RuleSource {
  std::string file;  // as errors name it
  std::string id;    // "<class>/<name>", from the path
  std::string text;  // at most kMaxRuleBytes
};

/// Appends every error found as "file:line: reason"; nothing is returned if there was one.
/// Patterns are checked against RE2.
[[nodiscard]] std::optional<Rule> read_rule(const RuleSource& source, std::vector<Error>& errors);

/// The `when` part, for read_rule.
void read_condition(YamlSource& source, const YAML::Node& node, Condition& condition);

/// Why `pattern` cannot stand in a rule (RE2's own words, or backscan's further bounds).
[[nodiscard]] std::optional<std::string> pattern_error(const std::string& pattern);

}  // namespace backscan::rules

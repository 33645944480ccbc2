// What a YARA rule says of itself in its meta section, in backscan's words. There is no standard for
// meta, only habits: those of the public collections are read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/rule_set.h"

namespace backscan::external {

struct YaraMeta {
  std::string name;
  std::variant<std::string, std::int64_t> value;
};

/// Severity of `severity` (a word, 1 to 10, or up to 100) or `score` (0 to 100, as Loki and THOR have
/// it), else medium; message of `description`; references of `reference`, `url` and `author`.
[[nodiscard]] rules::RuleInfo yara_rule_info(std::string_view name_space, std::string_view rule,
                                             const std::vector<YaraMeta>& metas);

}  // namespace backscan::external

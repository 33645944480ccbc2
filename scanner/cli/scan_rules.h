// The rules of `backscan scan`: the shipped ones, those of --rules, and those of other scanners.
#pragma once

#include <memory>
#include <optional>

#include "cli/commands.h"
#include "cli/scan_command.h"
#include "external/external_rules.h"
#include "rules/rule_set.h"

namespace backscan::cli {

struct ScanRules {
  rules::RuleSet own;
  std::unique_ptr<const external::ExternalRules> external;  // null: none
};

/// Loads what `command` names, and points `command.scan` to it; complains where that fails.
[[nodiscard]] std::optional<ScanRules> load_rules(ScanCommand& command, const Context& context);

}  // namespace backscan::cli

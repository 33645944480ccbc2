// A rule as its file says it: metadata and `when` tree, valid but not yet compiled.
#pragma once

#include <array>
#include <string_view>

#include "rules/rule_set.h"
#include "rules/when.h"

namespace backscan::rules {

struct Rule {
  RuleInfo info;
  Condition when;
  bool is_slow_allowed = false;  // `slow: true`: may run on every file
};

/// The closed list of classes: the directories below signatures/ that hold rules.
inline constexpr auto kClassNames = std::to_array<std::string_view>(
    {"mailer", "mail-backdoor", "smtp-spam", "open-relay", "header-injection", "autoreply",
     "phishing", "webshell", "dropper", "obfuscation", "carrier", "place",
     // Other people's signatures, imported: not judged by backscan. None are shipped.
     "external"});

/// Directories of signatures/ that hold other things than rules.
inline constexpr auto kOtherDirectories = std::to_array<std::string_view>({"audit", "dnsbl", "hashes"});

inline constexpr auto kStatusNames =
    std::to_array<std::string_view>({"experimental", "test", "stable", "deprecated"});

}  // namespace backscan::rules

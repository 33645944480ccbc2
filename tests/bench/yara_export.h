// The rules' patterns in YARA's words, as far as YARA has them: what the comparison runs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backscan::bench {

/// Every pattern over file contents that the rule files below `directory` hold, as RE2 text.
[[nodiscard]] std::vector<std::string> patterns_of_rules(const std::string& directory);

/// `pattern` as a YARA regular expression with its slashes and modifiers; nothing where YARA has no
/// such word (look at named groups, character classes by name, \A, \z, flags in the middle).
[[nodiscard]] std::optional<std::string> to_yara(std::string_view pattern);

/// Writes one YARA rule a pattern to `file`, leaving out what `yarac` refuses; returns how many.
[[nodiscard]] std::size_t export_to_yara(const std::vector<std::string>& patterns,
                                         const std::string& file);

}  // namespace backscan::bench

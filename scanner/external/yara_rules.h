// YARA rule files, compiled once for all threads. Rules of other people's making: what they find is
// reported as class `external`, under their own names.
#pragma once

#include <expected>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "rules/rule_set.h"

struct YR_RULES;

namespace backscan::external {

class YaraRules {
 public:
  /// Compiles `files`, each into a namespace named after it (php.yar: `php`; a second one `php_2`).
  /// Includes are read from the directory of their rule file and below it, nowhere else. On failure
  /// every error found, each "file:line: reason". Rules that `options` do not want stay silent.
  [[nodiscard]] static std::expected<YaraRules, std::vector<Error>> compile(
      const std::vector<std::string>& files, const rules::LoadOptions& options);

  YaraRules(YaraRules&&) noexcept = default;
  YaraRules& operator=(YaraRules&&) noexcept = default;

  /// In the order of libyara's table, private ones included.
  [[nodiscard]] std::span<const rules::RuleInfo> rules() const { return rules_; }
  [[nodiscard]] bool is_wanted(std::size_t rule) const { return wanted_[rule]; }
  /// "file:line: reason" of what libyara warns of: slow rules, mostly.
  [[nodiscard]] const std::vector<Error>& warnings() const { return warnings_; }
  /// Of all files read, and of the library's version.
  [[nodiscard]] const std::string& digest() const { return digest_; }
  /// Some rule may look at the name, the place or the owner of a file.
  [[nodiscard]] bool looks_at_place() const { return looks_at_place_; }
  [[nodiscard]] YR_RULES* compiled() const { return compiled_.get(); }

 private:
  YaraRules() = default;

  std::shared_ptr<YR_RULES> compiled_;
  std::vector<rules::RuleInfo> rules_;
  std::vector<bool> wanted_;
  std::vector<Error> warnings_;
  std::string digest_;
  bool looks_at_place_ = false;
};

/// The variables that rules may use, as Loki and THOR define them.
inline constexpr const char* kYaraVariables[] = {"filename", "filepath", "extension", "filetype",
                                                 "owner"};

}  // namespace backscan::external

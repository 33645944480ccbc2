// What the `rules` subcommands share.
#pragma once

#include <string>
#include <vector>

#include "cli/commands.h"
#include "rules/rule_files.h"

namespace backscan::cli {

/// Which rule directories a command works on.
struct RuleDirectories {
  std::vector<std::string> added;
  bool without_default = false;

  void add_options(CLI::App& command);
  /// The shipped directory, unless it is not wanted, and the added ones.
  [[nodiscard]] std::vector<std::string> all() const;
};

/// Complains about each error; returns kError.
int complain_all(const Context& context, const std::vector<Error>& errors);

/// Where the fixtures of `rules_directory` lie: as given, else ../tests/fixtures/rules beside it;
/// empty if there is no such directory.
[[nodiscard]] std::string fixtures_of(const std::string& rules_directory, const std::string& given);

void add_rules_list(CLI::App& rules, Context& context);
void add_rules_show(CLI::App& rules, Context& context);
void add_rules_import(CLI::App& rules, Context& context);
void add_rules_verify(CLI::App& rules, Context& context);
void add_rules_explain(CLI::App& rules, Context& context);
void add_rules_check(CLI::App& rules, Context& context);
void add_rules_test(CLI::App& rules, Context& context);
void add_rules_stats(CLI::App& rules, Context& context);

}  // namespace backscan::cli

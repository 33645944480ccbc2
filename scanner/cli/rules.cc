// `backscan rules`: the group of its subcommands; each has its own file.
#include "cli/rules.h"

namespace backscan::cli {

void RuleDirectories::add_options(CLI::App& command) {
  command.add_option("--rules", added,
                     "Directory of further rules; a rule of the same id replaces");
  command.add_flag("--no-default-rules", without_default, "Without the shipped rules");
}

std::vector<std::string> RuleDirectories::all() const {
  std::vector<std::string> directories;
  if (!without_default) directories.push_back(signatures_directory());
  directories.insert(directories.end(), added.begin(), added.end());
  return directories;
}

int complain_all(const Context& context, const std::vector<Error>& errors) {
  for (const Error& error : errors) context.complain(error.message());
  return kError;
}

void add_rules(CLI::App& app, Context& context) {
  auto* rules = app.add_subcommand("rules", "Inspect and validate rules");
  rules->require_subcommand(1);
  rules->fallthrough();
  add_rules_list(*rules, context);
  add_rules_show(*rules, context);
  add_rules_check(*rules, context);
  add_rules_test(*rules, context);
  add_rules_explain(*rules, context);
  add_rules_stats(*rules, context);
  add_rules_import(*rules, context);
  add_rules_verify(*rules, context);
}

}  // namespace backscan::cli

// `backscan rules check DIR`: are these rules valid, cheap, complete and tested? Nothing is
// scanned.
#include <filesystem>
#include <memory>
#include <ostream>

#include "base/text.h"
#include "cli/rules.h"
#include "rules/lint.h"

namespace backscan::cli {
namespace {

struct CheckOptions {
  std::vector<std::string> directories;
  std::string fixtures;
};

int run_check(const CheckOptions& options, const Context& context) {
  const auto rules = rules::read_rules(options.directories);
  if (!rules) return complain_all(context, rules.error());
  std::vector<Error> notes = rules::lint_rules(*rules);
  const std::string fixtures_directory = fixtures_of(options.directories.front(), options.fixtures);
  std::vector<Error> errors;
  if (!fixtures_directory.empty()) {
    const auto fixtures = rules::read_fixtures(fixtures_directory, errors);
    for (auto& more : {rules::lint_annotations(*rules, fixtures),
                       rules::lint_coverage(*rules, rules::coverage_of(fixtures))})
      notes.insert(notes.end(), more.begin(), more.end());
  }
  if (!errors.empty()) return complain_all(context, errors);
  for (const Error& note : notes) context.streams.out << escape_controls(note.message()) << '\n';
  if (!context.quiet)
    context.streams.out << rules->size() << " rules, " << notes.size()
                        << (notes.size() == 1 ? " thing" : " things") << " to mend"
                        << (fixtures_directory.empty() ? " (no fixtures were looked at)" : "")
                        << '\n';
  return notes.empty() ? kOk : kFindings;
}

}  // namespace

std::string fixtures_of(const std::string& rules_directory, const std::string& given) {
  if (!given.empty()) return given;
  const auto beside = std::filesystem::path(rules_directory) / "../tests/fixtures/rules";
  std::error_code ignored;
  if (!std::filesystem::is_directory(beside, ignored)) return "";
  return beside.lexically_normal().string();
}

void add_rules_check(CLI::App& rules, Context& context) {
  auto* command = rules.add_subcommand("check", "Validate rules and look for bad habits");
  auto options = std::make_shared<CheckOptions>();
  command->add_option("DIR", options->directories, "Directories of rules, <class>/<name>.yaml");
  command->add_option("--fixtures", options->fixtures,
                      "Directory of fixtures (default: DIR/../tests/fixtures/rules, if there)");
  command->callback([options, &context] {
    if (options->directories.empty()) options->directories = {signatures_directory()};
    context.exit_code = run_check(*options, context);
  });
}

}  // namespace backscan::cli

// `backscan baseline`: accept the findings of today, so that only new ones are reported.
#include <CLI/App.hpp>

#include <memory>
#include <ostream>

#include "base/output_file.h"
#include "cli/commands.h"
#include "cli/result_files.h"
#include "cli/result_flags.h"
#include "cli/values.h"
#include "model/time_text.h"
#include "report/baseline.h"

namespace backscan::cli {
namespace {

struct CreateCommand {
  std::vector<std::string> files;
  std::string output;
  report::Acceptance acceptance;
};

struct ApplyCommand {
  std::string baseline;
  std::vector<std::string> files;
  ResultFlags results;
};

int fail(const Error& error, const Context& context) {
  context.complain(error.message());
  return kError;
}

int run_create(const CreateCommand& command, const Context& context) {
  if (command.acceptance.expires && *command.acceptance.expires <= context.now())
    return fail({"--expires", "is in the past: nothing would be accepted"}, context);
  const auto result = read_result_files(command.files, context.streams.in);
  if (!result) return fail(result.error(), context);
  const std::string baseline = report::make_baseline(*result, command.acceptance);
  if (!command.output.empty()) {
    const auto written = write_file(command.output, baseline);
    return written ? static_cast<int>(kOk) : fail(written.error(), context);
  }
  context.streams.out << baseline;
  return kOk;
}

int run_apply(ApplyCommand& command, const Context& context) {
  command.results.baseline = command.baseline;
  if (const auto checked = check_outputs(command.results); !checked)
    return fail(checked.error(), context);
  const auto accepted = load_accepted(command.results);
  if (!accepted) return fail(accepted.error(), context);
  auto result = read_result_files(command.files, context.streams.in);
  if (!result) return fail(result.error(), context);
  apply_accepted(*accepted, context.now(), *result);
  return finish_result(*result, command.results, context);
}

void add_create(CLI::App& baseline, Context& context) {
  CLI::App* const create =
      baseline.add_subcommand("create", "List every finding of a result (json, jsonl) as accepted");
  const auto command = std::make_shared<CreateCommand>();
  create->add_option("RESULT", command->files, "Results of scans; - is standard input")
      ->required();
  create->add_option("-o,--output", command->output, "File instead of standard output")
      ->type_name("FILE");
  create->add_option("--reason", command->acceptance.reason, "Why they are accepted")
      ->type_name("TEXT");
  add_parsed(*create, "--expires", command->acceptance.expires, parse_time,
             "When they are reported again (2027-06-30)")
      ->type_name("DATE");
  create->callback([command, &context] { context.exit_code = run_create(*command, context); });
}

void add_apply(CLI::App& baseline, Context& context) {
  CLI::App* const apply =
      baseline.add_subcommand("apply", "Report a result without what the baseline accepts");
  const auto command = std::make_shared<ApplyCommand>();
  apply->add_option("BASELINE", command->baseline, "What `baseline create` wrote")->required();
  apply->add_option("RESULT", command->files, "Results of scans; - is standard input")->required();
  add_result_flags(*apply, command->results);
  apply->callback([command, &context] { context.exit_code = run_apply(*command, context); });
}

}  // namespace

void add_baseline(CLI::App& app, Context& context) {
  CLI::App* const baseline =
      app.add_subcommand("baseline", "Accept findings, so that only new ones are reported");
  baseline->require_subcommand(1);
  baseline->footer(
      "A baseline is JSON Lines: a first line {\"type\":\"baseline\",\"schema_version\":1}, then one "
      "{\"fingerprint\":…} a finding, with optional \"expires\" (a date) and \"reason\". Edit, sort and "
      "merge it like any text. `scan --baseline FILE` uses it, too.");
  add_create(*baseline, context);
  add_apply(*baseline, context);
}

}  // namespace backscan::cli

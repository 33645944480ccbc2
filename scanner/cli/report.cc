// `backscan report`: earlier results in any format, several of them as one.
#include <CLI/App.hpp>

#include <memory>

#include "cli/commands.h"
#include "cli/result_files.h"
#include "cli/result_flags.h"

namespace backscan::cli {
namespace {

struct ReportCommand {
  std::vector<std::string> files;
  ResultFlags results;
};

int run_report(const ReportCommand& command, const Context& context) {
  const auto fail = [&](const Error& error) {
    context.complain(error.message());
    return static_cast<int>(kError);
  };
  if (const auto checked = check_outputs(command.results); !checked) return fail(checked.error());
  const auto accepted = load_accepted(command.results);
  if (!accepted) return fail(accepted.error());
  auto result = read_result_files(command.files, context.streams.in);
  if (!result) return fail(result.error());
  apply_accepted(*accepted, context.now(), *result);
  return finish_result(*result, command.results, context);
}

}  // namespace

void add_report(CLI::App& app, Context& context) {
  CLI::App* const report =
      app.add_subcommand("report", "Render or merge earlier results (json or jsonl) in any format");
  const auto command = std::make_shared<ReportCommand>();
  report->add_option("FILE", command->files, "Results of scans; - is standard input")->required();
  add_result_flags(*report, command->results);
  report->callback([command, &context] { context.exit_code = run_report(*command, context); });
}

}  // namespace backscan::cli

// `backscan rules import FILE… -o DIR`: signature lists of ClamAV and LMD as rules and hash lists that
// `--rules DIR` reads. Every signature that has no like here is named with the reason.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <ostream>

#include "base/text.h"
#include "base/words.h"
#include "cli/rules.h"
#include "cli/values.h"
#include "external/import.h"
#include "model/time_text.h"

namespace backscan::cli {
namespace {

struct ImportCommand {
  external::ImportOptions import;
  std::optional<Severity> severity;
};

Result<external::ListFormat> parse_format_flag(std::string_view text) {
  if (const auto format = external::parse_list_format(text)) return *format;
  return std::unexpected(Error{std::string(text), "must be one of hashes, bodies, hexes"});
}

int run_import(ImportCommand& command, const Context& context) {
  external::ImportOptions& options = command.import;
  if (command.severity) options.hash_severity = options.body_severity = *command.severity;
  options.date = format_date(context.now());
  std::ostream& out = context.streams.out;
  const auto report = external::import_lists(options, [&](const Error& refusal) {
    out << escape_controls(refusal.message()) << '\n';
  });
  if (!report) {
    context.complain(report.error().message());
    return kError;
  }
  if (!context.quiet)
    out << fmt::format("{} and {} imported to {}, {}, {} refused\n", counted(report->hashes, "hash", "hashes"),
                       counted(report->rules, "rule"), escape_controls(options.directory),
                       counted(report->doubles, "double"), report->refused);
  return report->refused == 0 ? kOk : kFindings;
}

}  // namespace

void add_rules_import(CLI::App& rules, Context& context) {
  auto* command = rules.add_subcommand(
      "import", "Signature lists of ClamAV and LMD (.hdb .hsb .ndb, md5*.dat, hex.dat) as rules");
  command->footer(
      "Exit codes: 0 everything was imported; 1 some signatures have no like here: each is named with "
      "the reason; 2 an error.");
  auto options = std::make_shared<ImportCommand>();
  command->add_option("FILE", options->import.files, "Signature lists, as text")->required();
  command->add_option("-o,--output", options->import.directory,
                      "Directory for --rules: rules go to external/, hash lists to hashes/")
      ->required()
      ->type_name("DIR");
  command
      ->add_option_function<std::string>(
          "--format",
          [options](const std::string& text) {
            const auto format = parse_format_flag(text);
            if (!format) throw CLI::ValidationError("--format", format.error().message());
            options->import.format = *format;
          },
          "What the files hold, where their names do not tell: hashes (HASH:SIZE:NAME), bodies "
          "(NAME:TARGET:OFFSET:HEX) or hexes (HEX:NAME)")
      ->type_name("FORMAT");
  add_parsed(*command, "--severity", options->severity, parse_severity_flag,
             "Of what is imported (default: high for hashes, medium for the others)")
      ->type_name("SEVERITY");
  command->callback([options, &context] { context.exit_code = run_import(*options, context); });
}

}  // namespace backscan::cli

// `backscan audit`: the mail-server and PHP settings that cause backscatter, worst first.
#include <CLI/App.hpp>
#include <algorithm>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"
#include "cli/commands.h"
#include "mail/audit.h"
#include "report/json_record.h"

namespace backscan::cli {
namespace {

struct AuditOptions {
  mail::AuditInput input;
  std::string rules;
  std::string format = "text";
  std::string fail_on = "medium";
};

void print_text(const std::vector<AuditNote>& notes, const mail::ConfigurationFound& found,
                std::ostream& out) {
  for (const AuditNote& note : notes) {
    out << name_of(note.severity) << "  " << note.rule << "\n  " << escape_controls(note.file);
    if (note.line > 0) out << ':' << note.line;
    out << ": " << escape_controls(note.setting) << " = "
        << truncate_utf8(escape_controls(note.value), 160) << "\n  why: " << note.why
        << "\n  fix: " << note.fix << "\n  causes:";
    for (const Cause cause : note.causes) out << ' ' << name_of(cause);
    out << "\n\n";
  }
  out << notes.size() << (notes.size() == 1 ? " setting" : " settings") << " to change in "
      << found.files.size() << " configuration files read";
  if (found.files.empty()) out << ": no mail server's configuration was found here";
  out << '\n';
}

int run_audit(const AuditOptions& options, const Context& context) {
  const std::string directory =
      options.rules.empty() ? signatures_directory() + "/audit" : options.rules;
  const auto rules = mail::load_audit_rules(directory);
  if (!rules) {
    for (const Error& error : rules.error()) context.complain(error.message());
    return kError;
  }
  const auto found = mail::read_configuration(options.input);
  if (!found) {
    context.complain(found.error().message());
    return kError;
  }
  auto notes = mail::judge(*rules, found->settings);
  std::ranges::stable_sort(notes, std::greater{}, &AuditNote::severity);
  if (options.format == "text") {
    print_text(notes, *found, context.streams.out);
  } else {
    auto all = report::Json::array();
    for (const AuditNote& note : notes) {
      report::Json record = {{"type", "audit"}};
      record.update(report::audit_record(note));
      if (options.format == "jsonl")
        context.streams.out << record.dump() << '\n';
      else
        all.push_back(std::move(record));
    }
    if (options.format == "json") context.streams.out << all.dump(2) << '\n';
  }
  for (const ErrorRecord& error : found->errors)
    context.complain("audit: " + error.path + ": " + error.reason);
  if (!found->errors.empty()) return kError;
  const Severity limit = *parse_severity(options.fail_on);
  const bool fails =
      std::ranges::any_of(notes, [&](const AuditNote& note) { return note.severity >= limit; });
  return fails ? kFindings : kOk;
}

}  // namespace

void add_audit(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "audit", "Mail-server and PHP configuration that causes backscatter");
  auto options = std::make_shared<AuditOptions>();
  command->add_option("--root", options->input.root,
                      "Directory that holds the host's files (a copy of another host's /etc)");
  command->add_option("--postconf", options->input.postconf_file,
                      "Output of 'postconf -n', instead of main.cf");
  command->add_option("--exim-config", options->input.exim_config_file,
                      "Output of 'exim -bP config', instead of the files");
  command->add_option("--rules", options->rules, "Directory of audit rules");
  command->add_option("-f,--format", options->format, "text, json or jsonl")
      ->check(CLI::IsMember({"text", "json", "jsonl"}));
  command->add_option("--fail-on", options->fail_on, "Lowest severity that exits 1")
      ->check(CLI::IsMember({"info", "low", "medium", "high", "critical"}));
  command->callback([options, &context] { context.exit_code = run_audit(*options, context); });
}

}  // namespace backscan::cli

// Flags and what is accepted; where results go is result_output.cc's business.
#include "cli/result_flags.h"

#include <cerrno>
#include <fstream>
#include <iterator>

namespace backscan::cli {

void add_result_flags(CLI::App& app, ResultFlags& flags) {
  const auto group = [](CLI::Option* option) { return option->group("Results"); };
  group(add_parsed(app, "-f,--format", flags.format, parse_format,
                   "Format of standard output: text, json, jsonl, csv, sarif, html, junit, markdown; github "
                   "and gitlab: annotations"))
      ->type_name("FORMAT");
  group(app.add_option("-o,--output", flags.output, "File instead of standard output"))
      ->type_name("FILE");
  group(add_parsed_list(app, "--report", flags.reports, parse_output,
                        "One more report into a file; repeatable"))
      ->type_name("FORMAT=FILE");
  group(app.add_option("--split-by", flags.split_by,
                       "account: one report an account, into files with {account} in their name"))
      ->check(CLI::IsMember({"account"}))
      ->type_name("account");
  group(app.add_option("--baseline", flags.baseline, "Findings accepted earlier"))
      ->type_name("FILE");
  group(app.add_option("--ignore", flags.ignore_files, "Findings to leave out, with reasons"))
      ->allow_extra_args(false)
      ->type_name("FILE");
  group(app.add_option("--diff-base", flags.diff_base,
                       "Only what is new against an earlier result, or in files that a git range changed"))
      ->type_name("FILE|git:RANGE");
  group(add_parsed(app, "--fail-on", flags.fail_on, parse_severity_flag,
                   "Least severity that exits 1 (default medium)"))
      ->type_name("SEVERITY");
  group(app.add_option("--exit-code", flags.exit_code, "Exit code for findings instead of 1"))
      ->check(CLI::Range(0, 255));
  group(app.add_flag("--exit-zero", flags.exit_zero, "Exit 0 whatever is found"));
}

Result<Accepted> load_accepted(const ResultFlags& flags) {
  Accepted accepted;
  if (!flags.baseline.empty()) {
    std::ifstream in(flags.baseline, std::ios::binary);
    if (!in) return system_error(flags.baseline, errno);
    auto baseline = report::read_baseline(in, flags.baseline);
    if (!baseline) return std::unexpected(baseline.error());
    accepted.baseline = *std::move(baseline);
  }
  for (const std::string& file : flags.ignore_files) {
    auto rules = report::load_ignore_file(file);
    if (!rules) return std::unexpected(rules.error());
    std::ranges::move(*rules, std::back_inserter(accepted.ignore_rules));
  }
  if (!flags.diff_base.empty()) {
    auto base = load_diff_base(flags.diff_base);
    if (!base) return std::unexpected(base.error());
    accepted.diff_base = *std::move(base);
  }
  return accepted;
}

void apply_accepted(const Accepted& accepted, Time now, ScanResult& result) {
  if (accepted.baseline) report::apply_baseline(*accepted.baseline, now, result);
  if (!accepted.ignore_rules.empty())
    report::apply_ignore_rules(accepted.ignore_rules, now, result);
  if (accepted.diff_base) apply_diff_base(*accepted.diff_base, result);
}

}  // namespace backscan::cli

// What `scan`, `report` and `baseline apply` have in common: which findings the user accepts, which
// reports are written where, and which exit code follows.
#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/diff_base.h"
#include "cli/values.h"
#include "model/scan_result.h"
#include "report/baseline.h"
#include "report/ignore.h"

namespace backscan::cli {

struct ResultFlags {
  report::Format format = report::Format::kText;
  std::string output;           // empty: standard output
  std::vector<Output> reports;  // further files
  std::string split_by;         // empty or "account"
  std::string baseline;
  std::vector<std::string> ignore_files;
  std::string diff_base;
  Severity fail_on = Severity::kMedium;
  std::optional<int> exit_code;
  bool exit_zero = false;
};

/// `flags` must live as long as `app`.
void add_result_flags(CLI::App& app, ResultFlags& flags);

/// What the user accepts; read before any work so that a broken file is told at once.
struct Accepted {
  std::optional<report::Baseline> baseline;
  std::vector<report::IgnoreRule> ignore_rules;
  std::optional<DiffBase> diff_base;
};
[[nodiscard]] Result<Accepted> load_accepted(const ResultFlags& flags);
void apply_accepted(const Accepted& accepted, Time now, ScanResult& result);

/// An error where the outputs and --split-by do not fit together.
[[nodiscard]] Result<void> check_outputs(const ResultFlags& flags);

/// Tells errors on standard error, writes every report, and gives the exit code of CONTRACT.md. A
/// target that cannot be written is complained of and does not keep the others from being written.
[[nodiscard]] int finish_result(const ScanResult& result, const ResultFlags& flags,
                                const Context& context);

}  // namespace backscan::cli

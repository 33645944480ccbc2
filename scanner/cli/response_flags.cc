// Results come through the same reader as reports do, the store is never inside of what is acted on.
#include "cli/response_flags.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/filesystem/operations.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"
#include "base/words.h"
#include "cli/result_files.h"
#include "cli/values.h"
#include "report/json_record.h"
#include "response/recover.h"
#include "response/shell.h"

namespace backscan::cli {
namespace {

constexpr std::size_t kReasonsTold = 3;

/// A merged result speaks of many hosts' files; only this host's are here.
std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

Result<std::string> absolute_path(const std::string& path) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  if (error) return std::unexpected(Error{path, error.message()});
  return absolute.lexically_normal().string();
}

}  // namespace

void add_store_flags(CLI::App& app, std::string& directory, bool& apply) {
  app.add_flag("--apply", apply, "Do it; without this, only the plan is printed");
  app.add_option("--quarantine-dir", directory, "Where contents and the journal are kept")
      ->type_name("DIR")
      ->capture_default_str()
      // Plans print commands that must mean the same from anywhere.
      ->transform([](std::string text) { return absolute_path(text).value_or(text); });
}

void add_response_flags(CLI::App& app, ResponseFlags& flags) {
  app.add_option("RESULT", flags.results, "Results of scans (json or jsonl); - is standard input");
  add_store_flags(app, flags.directory, flags.apply);
  const auto group = [](CLI::Option* option) { return option->group("Choosing"); };
  group(app.add_option("--file", flags.files, "This file, whether a result speaks of it or not"))
      ->allow_extra_args(false);
  group(add_parsed(app, "--min-severity", flags.choice.min_severity, parse_severity_flag,
                   "Least severity of findings to act on (default high)"))
      ->type_name("SEVERITY");
  group(add_parsed(app, "--min-confidence", flags.choice.min_confidence, parse_confidence_flag,
                   "Least confidence of findings to act on (default medium)"))
      ->type_name("CONFIDENCE");
  group(app.add_option("--rule", flags.choice.rules, "Only findings of this rule, glob or class"))
      ->allow_extra_args(false)
      ->type_name("ID|CLASS");
  group(app.add_option("--account", flags.choice.accounts, "Only files of this account"))
      ->allow_extra_args(false);
  group(app.add_option("--path", flags.choice.paths, "Only files whose path matches the glob"))
      ->allow_extra_args(false)
      ->type_name("GLOB");
}

Result<Chosen> choose_files(const ResponseFlags& flags, const Context& context) {
  Chosen chosen;
  if (flags.results.empty() && flags.files.empty())
    return std::unexpected(Error{{}, "give a RESULT of backscan scan -f json, or --file FILE"});
  if (!flags.results.empty()) {
    auto result = read_result_files(flags.results, context.streams.in);
    if (!result) return std::unexpected(result.error());
    chosen.result = *std::move(result);
    // One host's result, under whatever name it knew itself, is taken at its word.
    const bool is_merged = chosen.result.scan.host.find(", ") != std::string::npos;
    chosen.candidates =
        response::choose(chosen.result, flags.choice, is_merged ? host_name() : std::string());
  }
  for (const std::string& file : flags.files) {
    const auto path = absolute_path(file);
    if (!path) return std::unexpected(path.error());
    chosen.candidates.push_back({.root = *path, .path = *path});
  }
  return chosen;
}

Result<response::Store> open_store(const std::string& directory, bool apply,
                                   const Context& context) {
  if (!apply) {
    auto store = response::Store::look(directory);
    if (store)
      if (const auto unsettled = response::count_unsettled(store->journal()); unsettled > 0)
        context.complain(counted(unsettled, "action") +
                         " begun earlier and not finished; the next --apply settles them first");
    return store;
  }
  auto store = response::Store::open(directory);
  if (!store) return store;
  for (const response::Recovered& recovered : response::recover(*store))
    context.complain(recovered.path + ": " + recovered.what);
  return store;
}

Result<void> require_store_outside(const std::string& directory, const std::string& root) {
  boost::system::error_code error;
  const auto store = boost::filesystem::weakly_canonical(directory, error);
  if (error) return std::unexpected(Error{directory, error.message()});
  const auto resolved = boost::filesystem::weakly_canonical(root, error);
  if (error || resolved == "/") return {};
  const std::string prefix = resolved.string() + "/";
  if (store == resolved || store.string().starts_with(prefix))
    return std::unexpected(
        Error{directory, "lies inside " + root + "; give another --quarantine-dir"});
  return {};
}

void tell_plan(const Plan& plan, const Context& context) {
  std::ostream& out = context.streams.out;
  if (!context.quiet) {
    out << escape_controls(plan.headline) << '\n';
    for (const std::string& reason : plan.reasons) out << "  " << escape_controls(reason) << '\n';
  }
  for (const std::string& command : plan.commands) out << (context.quiet ? "" : "  $ ") << command << '\n';
}

std::vector<std::string> reasons_of(const response::Candidate& candidate) {
  std::vector<std::string> reasons;
  for (const Finding* finding : candidate.findings) {
    if (reasons.size() == kReasonsTold) {
      reasons.push_back(
          fmt::format("and {} more", grouped(candidate.findings.size() - kReasonsTold)));
      break;
    }
    const std::string line = finding->line > 0 ? fmt::format(" at line {}", finding->line) : "";
    reasons.push_back(fmt::format("because {} ({}){}: {}", finding->rule,
                                  name_of(finding->severity), line, finding->title));
  }
  return reasons;
}

std::string finding_record_of(const response::Candidate& candidate) {
  if (candidate.findings.empty()) return {};
  return report::finding_record(*candidate.findings.front())
      .dump(-1, ' ', false, report::Json::error_handler_t::replace);
}

}  // namespace backscan::cli

// `backscan baseline`: what is accepted: the findings of today, so that only new ones are reported, or a
// vendor's release, so that only what differs from it is argued about.
#include <CLI/App.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <memory>
#include <ostream>

#include "base/output_file.h"
#include "base/whole_file.h"
#include "base/words.h"
#include "cli/commands.h"
#include "cli/result_files.h"
#include "cli/result_flags.h"
#include "cli/values.h"
#include "known/make_manifest.h"
#include "model/time_text.h"
#include "report/baseline.h"

namespace backscan::cli {
namespace {

struct CreateCommand {
  std::vector<std::string> files;
  std::string output;
  report::Acceptance acceptance;
  bool are_checksums = false;
  known::ManifestOptions manifest;
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

bool is_directory(const std::string& path) {
  boost::system::error_code error;
  return boost::filesystem::is_directory(path, error);
}

int put(const CreateCommand& command, const std::string& text, const Context& context) {
  if (!command.output.empty()) {
    const auto written = write_file(command.output, text);
    return written ? static_cast<int>(kOk) : fail(written.error(), context);
  }
  context.streams.out << text;
  return kOk;
}

Result<known::Manifest> make_manifest(const CreateCommand& command) {
  const std::string& path = command.files.front();
  if (command.files.size() > 1)
    return std::unexpected(Error{command.files[1], "a manifest is of one release: make one for each"});
  if (!command.are_checksums) return known::manifest_of_tree(path, command.manifest);
  constexpr std::size_t kMaxChecksumsBytes = std::size_t{256} << 20;
  const auto text = read_whole_file(path, kMaxChecksumsBytes);
  if (!text) return std::unexpected(text.error());
  return known::manifest_of_checksums(path, *text, command.manifest);
}

int create_manifest(const CreateCommand& command, const Context& context) {
  const auto manifest = make_manifest(command);
  if (!manifest) return fail(manifest.error(), context);
  if (!context.quiet)
    context.complain(fmt::format("{}: {}, recognised by {}{}", manifest->title(),
                                 counted(manifest->files.size(), "file"), manifest->mark.path,
                                 manifest->mark.line.empty() ? "" : ": " + manifest->mark.line));
  return put(command, known::write_manifest(*manifest), context);
}

int run_create(const CreateCommand& command, const Context& context) {
  if (command.are_checksums || std::ranges::any_of(command.files, is_directory))
    return create_manifest(command, context);
  if (command.acceptance.expires && *command.acceptance.expires <= context.now())
    return fail({"--expires", "is in the past: nothing would be accepted"}, context);
  const auto result = read_result_files(command.files, context.streams.in);
  if (!result) return fail(result.error(), context);
  return put(command, report::make_baseline(*result, command.acceptance), context);
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
      baseline.add_subcommand("create", "Accept every finding of a result (json, jsonl), or list a vendor's clean release");
  const auto command = std::make_shared<CreateCommand>();
  create->add_option("RESULT|DIR", command->files,
                     "Results of scans (- is standard input), or the directory of a release as it came "
                     "from its vendor, or with --checksums a file of them")
      ->required();
  create->add_option("-o,--output", command->output, "File instead of standard output")
      ->type_name("FILE");
  create->add_option("--reason", command->acceptance.reason, "Why they are accepted")
      ->type_name("TEXT");
  add_parsed(*create, "--expires", command->acceptance.expires, parse_time,
             "When they are reported again (2027-06-30)")
      ->type_name("DATE");
  create->add_flag("--checksums", command->are_checksums,
                   "Import digests that the vendor publishes: WordPress' JSON, md5sum(1)'s lines, Drupal's "
                   "signed lists, dpkg's md5sums")
      ->group("Releases");
  create->add_option("--product", command->manifest.product, "What it is a release of (default: its files say)")
      ->type_name("NAME")
      ->group("Releases");
  create->add_option("--release", command->manifest.version, "Which release it is (default: its files say)")
      ->type_name("VERSION")
      ->group("Releases");
  create->add_option("--mark", command->manifest.mark,
                     "File below DIR that every release changes, if its files do not say")
      ->type_name("FILE")
      ->group("Releases");
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
      app.add_subcommand("baseline", "Accept findings, or a vendor's release, so that only what is new is reported");
  baseline->require_subcommand(1);
  baseline->footer(
      "A baseline is JSON Lines: a first line {\"type\":\"baseline\",\"schema_version\":1}, then one "
      "{\"fingerprint\":…} a finding, with optional \"expires\" (a date) and \"reason\". Edit, sort and "
      "merge it like any text. `scan --baseline FILE` uses it, too.\nThe manifest of a release is JSON Lines, "
      "too: {\"type\":\"known-good\",…}, then a path, size and SHA-256 a file; `scan --known-good FILE` "
      "uses it.");
  add_create(*baseline, context);
  add_apply(*baseline, context);
}

}  // namespace backscan::cli

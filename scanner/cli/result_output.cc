// Rendering and writing. A file is rendered whole, then written beside its target and renamed.
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <ostream>
#include <set>

#include "base/output_file.h"
#include "base/words.h"
#include "cli/result_flags.h"
#include "report/split.h"

namespace backscan::cli {
namespace {

constexpr int kDefaultWidth = 100;
constexpr std::size_t kErrorsTold = 20;
constexpr std::string_view kAccountHole = "{account}";

int terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kDefaultWidth;
  // Prose wider than this is hard to read.
  return std::min<int>(size.ws_col, 120);
}

report::RenderOptions options_for(const ResultFlags& flags, const Context& context, bool is_file) {
  return {.color = is_file ? context.color == "always" : context.use_color(),
          .width = !is_file && context.streams.out_is_terminal ? terminal_width() : kDefaultWidth,
          .quiet = context.quiet,
          .verbose = context.verbose,
          .fail_on = flags.fail_on};
}

Result<void> write_to_file(report::Format format, const std::string& path, const ScanResult& result,
                           const report::RenderOptions& options) {
  auto file = OutputFile::create(path);
  if (!file) return std::unexpected(file.error());
  Result<void> written;
  report::Sink sink([&](std::string_view piece) {
    if (written) written = file->append(piece);
  });
  report::render(format, result, options, sink);
  return written ? file->commit() : written;
}

bool write_one(report::Format format, const std::string& file, const ScanResult& result,
               const ResultFlags& flags, const Context& context) {
  const report::RenderOptions options = options_for(flags, context, !file.empty());
  if (!file.empty()) {
    const auto written = write_to_file(format, file, result, options);
    if (!written) context.complain(written.error().message());
    return written.has_value();
  }
  std::ostream& out = context.streams.out;
  report::Sink sink([&out](std::string_view piece) {
    out.write(piece.data(), static_cast<std::streamsize>(piece.size()));
  });
  report::render(format, result, options, sink);
  // run.cc tells why it cannot be written.
  return !out.flush().fail();
}

bool is_split(const std::string& file) { return file.find(kAccountHole) != std::string::npos; }

std::string with_account(std::string file, const std::string& account) {
  for (std::size_t at = 0; (at = file.find(kAccountHole, at)) != std::string::npos;
       at += account.size())
    file.replace(at, kAccountHole.size(), account);
  return file;
}

/// Everything that is to be written: standard output or its file first.
std::vector<Output> outputs_of(const ResultFlags& flags) {
  std::vector<Output> outputs = {{flags.format, flags.output}};
  outputs.insert(outputs.end(), flags.reports.begin(), flags.reports.end());
  return outputs;
}

bool write_all(const ScanResult& result, const ResultFlags& flags, const Context& context) {
  bool is_written = true;
  std::vector<report::AccountPart> parts;
  if (!flags.split_by.empty()) parts = report::split_by_account(result);
  for (const Output& output : outputs_of(flags)) {
    if (!is_split(output.file)) {
      is_written = write_one(output.format, output.file, result, flags, context) && is_written;
      continue;
    }
    for (const report::AccountPart& part : parts)
      is_written = write_one(output.format, with_account(output.file, part.file_name), part.result,
                             flags, context) &&
                   is_written;
  }
  return is_written;
}

/// On a terminal the text report itself shows them.
void tell_errors(const ScanResult& result, const ResultFlags& flags, const Context& context) {
  if (context.streams.out_is_terminal && flags.output.empty() &&
      flags.format == report::Format::kText)
    return;
  std::size_t told = 0;
  std::size_t untold = 0;
  for (const ErrorRecord& error : result.errors) {
    if (error.is_note) continue;
    if (told == kErrorsTold) {
      ++untold;
      continue;
    }
    ++told;
    context.complain(fmt::format("{}: {}: {}", name_of(error.stage), error.path, error.reason));
  }
  if (untold > 0)
    context.complain(counted(untold, "more error") + "; the report holds them");
}

}  // namespace

Result<void> check_outputs(const ResultFlags& flags) {
  std::set<std::string> files;
  bool has_split = false;
  for (const Output& output : outputs_of(flags)) {
    has_split = has_split || is_split(output.file);
    if (output.file.empty()) continue;
    if (is_split(output.file) && flags.split_by.empty())
      return std::unexpected(Error{output.file, "{account} needs --split-by account"});
    if (!files.insert(output.file).second)
      return std::unexpected(Error{output.file, "is given twice as an output"});
  }
  if (!flags.split_by.empty() && !has_split)
    return std::unexpected(
        Error{"--split-by", "no output has {account} in its name, as in html=report-{account}.html"});
  return {};
}

int finish_result(const ScanResult& result, const ResultFlags& flags, const Context& context) {
  tell_errors(result, flags, context);
  if (!write_all(result, flags, context)) return kError;
  if (!result.summary.is_complete) return kError;
  const bool found = std::ranges::any_of(result.findings, [&](const Finding& finding) {
    return finding.severity >= flags.fail_on;
  });
  if (!found || flags.exit_zero) return kOk;
  return flags.exit_code.value_or(kFindings);
}

}  // namespace backscan::cli

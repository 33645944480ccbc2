// Short on purpose: trackers cut long texts, so files beyond a limit become one line each, and
// beyond a second limit a count.
#include "report/markdown_report.h"

#include <fmt/format.h>

#include <ranges>

#include "base/words.h"
#include "model/time_text.h"
#include "report/group.h"
#include "report/markup.h"

namespace backscan::report {
namespace {

constexpr std::size_t kDetailed = 25;  // files
constexpr std::size_t kListed = 400;
constexpr std::size_t kFurtherOfFile = 12;  // rules
constexpr std::size_t kErrorsInMarkdown = 20;

void write_listings(const ScanResult& result, std::string& out) {
  const ListingOverview overview = overview_of(result.listings);
  for (const Listing* listing : overview.listed) {
    out += fmt::format("- **{}** on **{}** ({})", markdown_escape(listing->ip),
                       markdown_escape(listing->name), markdown_code(listing->zone));
    if (!listing->meaning.empty())
      out += ": " + markdown_escape(joined(listing->meaning, "; "));
    if (!listing->expires_estimate.empty())
      out += fmt::format("\n  - Ends: {}", markdown_escape(listing->expires_estimate));
    if (!listing->lookup_url.empty())
      out += fmt::format("\n  - Look up: {}", markdown_code(listing->lookup_url));
    if (!listing->delist_url.empty())
      out += fmt::format("\n  - Delist: {}", markdown_code(listing->delist_url));
    out += '\n';
  }
}

void write_finding(const Finding& finding, std::string& out) {
  out += fmt::format("- **{}** {} ({}), rank {}\n  {}\n", name_of(finding.severity),
                     markdown_escape(finding.title), markdown_code(finding.rule), finding.rank,
                     markdown_code(place_text(finding.path, finding.line, finding.column)));
  if (!finding.excerpt.empty()) out += fmt::format("  - Code: {}\n", markdown_code(finding.excerpt));
  out += fmt::format("  - Why: {}\n", markdown_escape(finding.message));
  for (const FlowStep& step : finding.flow)
    out += fmt::format("  - Line {}: {}\n", step.line, markdown_code(step.what));
  if (!finding.remedy.empty()) out += fmt::format("  - Do: {}\n", markdown_escape(finding.remedy));
}

void write_file(const FileFindings& findings, bool is_verbose, std::string& out) {
  const FileDigest digest = digest_of(findings, is_verbose);
  for (const Finding* finding : digest.full) write_finding(*finding, out);
  if (digest.further.empty()) return;
  out += "  - Also:";
  const char* separator = " ";
  for (const FileFindings& rule : digest.further | std::views::take(kFurtherOfFile)) {
    const std::string lines = lines_text(rule);
    const Finding& finding = *rule.front();
    out += fmt::format("{}{} ({}, {}{}{})", separator, markdown_escape(finding.title),
                       markdown_code(finding.rule), name_of(finding.severity),
                       lines.empty() ? "" : ", ", lines);
    separator = "; ";
  }
  if (digest.further.size() > kFurtherOfFile)
    out += fmt::format("; and {}", counted(digest.further.size() - kFurtherOfFile, "more rule"));
  out += '\n';
}

void write_compact(const FileFindings& findings, std::string& out) {
  const Finding& finding = *findings.front();
  out += fmt::format("- **{}** {} ({}", name_of(finding.severity),
                     markdown_code(place_text(finding.path, finding.line, 0)),
                     markdown_code(finding.rule));
  if (findings.size() > 1) out += fmt::format(" and {} more", grouped(findings.size() - 1));
  out += ")\n";
}

void write_findings(const ScanResult& result, bool verbose, std::string& out) {
  std::size_t written = 0;
  std::size_t left_out = 0;
  for (const Group& group : group_findings(result)) {
    const std::vector<FileFindings> files = files_of(group);
    if (!verbose && written >= kListed) {
      left_out += files.size();
      continue;
    }
    std::string name = markdown_code(group.name);
    if (!group.domains.empty()) name += fmt::format(" ({})", markdown_escape(joined(group.domains)));
    out += fmt::format("\n### {}: {}\n\n", name, findings_text(group, files.size()));
    for (const FileFindings& file : files) {
      if (verbose || written < kDetailed)
        write_file(file, verbose, out);
      else if (written < kListed)
        write_compact(file, out);
      else
        ++left_out;
      ++written;
    }
  }
  if (left_out > 0)
    out += fmt::format(
        "\n{} with findings are not shown here; the json and html reports hold all.\n",
        counted(left_out, "more file"));
}

void write_errors(const ScanResult& result, std::string& out) {
  std::vector<const ErrorRecord*> errors;
  for (const ErrorRecord& error : result.errors)
    if (!error.is_note) errors.push_back(&error);
  if (result.summary.is_complete && errors.empty()) return;
  out += fmt::format("\n## Not scanned\n\n{}\n\n",
                     markdown_escape(joined(result.summary.incomplete_reasons, "; ")));
  for (const ErrorRecord* error : errors | std::views::take(kErrorsInMarkdown))
    out += fmt::format("- {} {}: {}\n", name_of(error->stage), markdown_code(error->path),
                       markdown_escape(error->reason));
  if (errors.size() > kErrorsInMarkdown)
    out += fmt::format("- and {} more\n", grouped(errors.size() - kErrorsInMarkdown));
}

}  // namespace

void render_markdown(const ScanResult& result, const RenderOptions& options, std::string& out) {
  out += fmt::format("# backscan: {}\n\n", markdown_escape(result.scan.host));
  out += fmt::format("{}. Findings: {}. {} scanned on {}.\n",
                     markdown_escape(listing_headline(result)), severity_counts(result.summary),
                     counted(result.summary.counts.files_scanned, "file"),
                     format_date(result.scan.started));
  if (!result.summary.advice.empty()) {
    out += "\n## What to do\n\n";
    for (const std::string& advice : result.summary.advice)
      out += fmt::format("1. {}\n", markdown_escape(advice));
  }
  if (!overview_of(result.listings).listed.empty()) {
    out += "\n## Listings\n\n";
    write_listings(result, out);
  }
  if (!result.findings.empty()) {
    out += "\n## Findings\n";
    write_findings(result, options.verbose, out);
  }
  write_errors(result, out);
}

}  // namespace backscan::report

// Written by hand: a dozen elements need no XML library, only one escape (markup.h). Only what the
// schemas of Jenkins and Ant know: a test's file and line are in its name.
#include "report/junit_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/words.h"
#include "model/time_text.h"
#include "report/group.h"
#include "report/markup.h"

namespace backscan::report {
namespace {

/// ` name="value"`.
std::string attribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, xml_escape(value));
}

/// One line a value; line ends inside values are escaped like all controls.
std::string details_of(const Finding& finding) {
  std::string text = xml_escape(finding.excerpt) + "\n";
  const auto add = [&](std::string_view label, std::string_view value) {
    if (!value.empty()) text += fmt::format("{}: {}\n", label, xml_escape(value));
  };
  add("Where", place_text(finding.path, finding.line, finding.column));
  add("Why", finding.message);
  add("Do", finding.remedy);
  add("Rank", std::to_string(finding.rank));
  add("Fingerprint", finding.fingerprint);
  return text;
}

void write_finding(const Finding& finding, const Group& group, Severity fail_on,
                   std::string& out) {
  out += "    <testcase";
  out += attribute("name", fmt::format("{} {}", finding.rule,
                                       place_text(finding.path, finding.line, 0)));
  out += attribute("classname", group.name);
  out += " time=\"0\">";
  if (finding.severity >= fail_on)
    out += fmt::format("<failure{}{}>{}</failure>",
                       attribute("type", name_of(finding.severity)),
                       attribute("message", finding.title), details_of(finding));
  else
    out += fmt::format("<system-out>{}: {}\n{}</system-out>", name_of(finding.severity),
                       xml_escape(finding.title), details_of(finding));
  out += "</testcase>\n";
}

std::uint64_t failures_of(const Group& group, Severity fail_on) {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      group.findings, [&](const Finding* finding) { return finding->severity >= fail_on; }));
}

void open_suite(std::string_view name, std::size_t tests, std::uint64_t failures,
                std::size_t errors, const ScanResult& result, std::string& out) {
  out += fmt::format("  <testsuite{} tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"0\" "
                     "time=\"0\" timestamp=\"{}\"{}>\n",
                     attribute("name", name), tests, failures, errors,
                     format_time(result.scan.started).substr(0, 19),
                     attribute("hostname", result.scan.host));
}

/// The scan itself as a test: it fails where something in scope was not scanned.
void write_scan_suite(const ScanResult& result, std::string& out) {
  std::vector<const ErrorRecord*> errors;
  for (const ErrorRecord& error : result.errors)
    if (!error.is_note) errors.push_back(&error);
  const bool is_silent = !result.summary.is_complete && errors.empty();
  open_suite("backscan", errors.size() + 1, 0, errors.size() + (is_silent ? 1 : 0), result, out);
  out += "    <testcase name=\"scan\" classname=\"backscan\" time=\"0\">";
  if (is_silent)
    out += fmt::format("<error type=\"incomplete\"{}/>",
                       attribute("message", joined(result.summary.incomplete_reasons, "; ")));
  out += fmt::format("<system-out>{}\n{}\n</system-out></testcase>\n",
                     xml_escape(severity_counts(result.summary)),
                     xml_escape(listing_headline(result)));
  for (const ErrorRecord* error : errors)
    out += fmt::format("    <testcase{} classname=\"backscan\" time=\"0\"><error{}{}/></testcase>\n",
                       attribute("name", fmt::format("{} {}", name_of(error->stage), error->path)),
                       attribute("type", name_of(error->stage)),
                       attribute("message", error->reason));
  out += "  </testsuite>\n";
}

}  // namespace

void render_junit(const ScanResult& result, const RenderOptions& options, Sink& sink) {
  std::string& out = sink.text();
  out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"backscan\">\n";
  write_scan_suite(result, out);
  for (const Group& group : group_findings(result)) {
    open_suite(group.name, group.findings.size(), failures_of(group, options.fail_on), 0, result,
               out);
    for (const Finding* finding : group.findings) {
      write_finding(*finding, group, options.fail_on, out);
      sink.drain();
    }
    out += "  </testsuite>\n";
  }
  out += "</testsuites>\n";
}

}  // namespace backscan::report

// Paths are relative to their root: a job scans its checkout, and that is what a forge knows.
#include "report/annotations.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "report/json_record.h"

namespace backscan::report {
namespace {

std::string path_in_root(const Finding& finding) {
  const std::string prefix = finding.root.ends_with('/') ? finding.root : finding.root + "/";
  const bool is_below = finding.path.starts_with(prefix) && finding.path.size() > prefix.size();
  return is_below ? finding.path.substr(prefix.size()) : finding.path;
}

std::string text_of(const Finding& finding) {
  std::string text = finding.message.empty() ? finding.title : finding.message;
  if (!finding.remedy.empty()) text += " " + finding.remedy;
  return escape_controls(text);
}

std::string_view github_level(Severity severity) {
  if (severity >= Severity::kHigh) return "error";
  return severity == Severity::kMedium ? "warning" : "notice";
}

/// What would end a value or begin another command; line ends are gone by escape_controls.
std::string github_escape(std::string_view text, bool is_property) {
  std::string out;
  for (const char c : text) {
    const bool is_special = c == '%' || (is_property && (c == ':' || c == ','));
    if (is_special)
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out;
}

std::string_view gitlab_severity(Severity severity) {
  switch (severity) {
    case Severity::kCritical: return "blocker";
    case Severity::kHigh: return "critical";
    case Severity::kMedium: return "major";
    case Severity::kLow: return "minor";
    default: return "info";
  }
}

}  // namespace

void render_github(const ScanResult& result, Sink& sink) {
  for (const Finding& finding : result.findings) {
    const std::size_t line = std::max<std::size_t>(finding.line, 1);
    sink.text() += fmt::format(
        "::{} file={},line={},endLine={},title={}::{}\n", github_level(finding.severity),
        github_escape(escape_controls(path_in_root(finding)), true), line,
        std::max(finding.end_line, line),
        github_escape(escape_controls("backscan: " + finding.rule), true),
        github_escape(text_of(finding), false));
    sink.drain();
  }
}

void render_gitlab(const ScanResult& result, Sink& sink) {
  std::string& out = sink.text();
  out += '[';
  const char* separator = "\n";
  for (const Finding& finding : result.findings) {
    const Json issue = {
        {"description", text_of(finding)},
        {"check_name", to_utf8(finding.rule)},
        {"fingerprint", to_utf8(finding.fingerprint)},
        {"severity", gitlab_severity(finding.severity)},
        {"location",
         {{"path", to_utf8(path_in_root(finding))},
          {"lines", {{"begin", std::max<std::size_t>(finding.line, 1)}}}}}};
    out += separator + issue.dump();
    separator = ",\n";
    sink.drain();
  }
  out += "\n]\n";
}

}  // namespace backscan::report

// Columns are left out of regions: SARIF counts characters, backscan bytes, and a wrong column is
// worse than none. Paths are URIs relative to their root, as importers want them.
#include "report/sarif_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "model/time_text.h"
#include "report/finding_text.h"
#include "report/json_record.h"
#include "report/markup.h"

namespace backscan::report {
namespace {

const char* level_of(Severity severity) {
  switch (severity) {
    case Severity::kCritical:
    case Severity::kHigh: return "error";
    case Severity::kMedium: return "warning";
    default: return "note";
  }
}

/// GitHub sorts by this: critical is above 9, high above 7, medium above 4.
const char* security_severity_of(Severity severity) {
  switch (severity) {
    case Severity::kCritical: return "9.5";
    case Severity::kHigh: return "8.0";
    case Severity::kMedium: return "5.5";
    case Severity::kLow: return "3.0";
    default: return "0.0";
  }
}

std::string base_id(std::size_t index) { return fmt::format("ROOT{}", index); }

/// Roots by name, numbered in order of name.
using Roots = std::map<std::string, std::size_t>;

Roots collect_roots(const ScanResult& result) {
  Roots roots;
  for (const std::string& root : result.scan.roots) roots[root];
  for (const Finding& finding : result.findings) roots[finding.root];
  roots.erase("");
  std::size_t index = 0;
  for (auto& [root, number] : roots) number = index++;
  return roots;
}

Json location_of(const std::string& path, const std::string& root, const Roots& roots) {
  const auto known = roots.find(root);
  const std::string prefix = root.ends_with('/') ? root : root + "/";
  if (known == roots.end() || !path.starts_with(prefix) || path.size() == prefix.size())
    return {{"uri", "file://" + uri_escape_path(path)}};
  return {{"uri", uri_escape_path(std::string_view(path).substr(prefix.size()))},
          {"uriBaseId", base_id(known->second)}};
}

Json physical_location(const Finding& finding, std::size_t line, const Roots& roots) {
  Json location = {{"artifactLocation", location_of(finding.path, finding.root, roots)}};
  if (line > 0) location["region"] = {{"startLine", line}};
  return location;
}

Json code_flows(const Finding& finding, const Roots& roots) {
  Json steps = Json::array();
  for (const FlowStep& step : finding.flow) {
    const Json location = {{"physicalLocation", physical_location(finding, step.line, roots)},
                           {"message", {{"text", escape_controls(step.what)}}}};
    steps.push_back(Json{{"location", location}});
  }
  const Json thread = {{"locations", std::move(steps)}};
  const Json flow = {{"threadFlows", Json::array({thread})}};
  return Json::array({flow});
}

Json rule_of(const Finding& finding) {
  Json rule = {{"id", to_utf8(finding.rule)},
               {"shortDescription", {{"text", escape_controls(finding.title)}}},
               {"help", {{"text", escape_controls(finding.remedy.empty() ? finding.title
                                                                         : finding.remedy)}}}};
  rule["defaultConfiguration"] = {{"level", level_of(finding.severity)}};
  rule["properties"] = {{"tags", Json::array({"security", to_utf8(finding.rule_class)})},
                        {"security-severity", security_severity_of(finding.severity)},
                        {"precision", name_of(finding.confidence)}};
  return rule;
}

void write_result(const Finding& finding, std::size_t rule_index, const Roots& roots,
                  std::string& out) {
  // Importers want a line: a finding about the whole file stands at its first.
  Json location = physical_location(finding, std::max<std::size_t>(finding.line, 1), roots);
  Json& region = location["region"];
  if (finding.end_line > finding.line) region["endLine"] = finding.end_line;
  if (!finding.excerpt.empty()) region["snippet"] = {{"text", escape_controls(finding.excerpt)}};
  const std::string text = escape_controls(finding.message.empty() ? finding.title : finding.message);
  Json result = {{"ruleId", to_utf8(finding.rule)},
                 {"ruleIndex", rule_index},
                 {"level", level_of(finding.severity)},
                 {"message", {{"text", text}}}};
  result["locations"] = Json::array({Json{{"physicalLocation", std::move(location)}}});
  if (!finding.fingerprint.empty())
    result["partialFingerprints"] = {{"backscan/v1", to_utf8(finding.fingerprint)}};
  if (!finding.flow.empty() && finding.view != ViewKind::kRaw) result["codeFlows"] = code_flows(finding, roots);
  result["rank"] = finding.rank;
  out += result.dump();
  // The record goes in as text: as values it would be the greater part of the time.
  out.back() = ',';
  JsonText json(out);
  json.key("properties");
  write_finding(finding, json);
  out += '}';
}

Json notification_of(const ErrorRecord& error) {
  Json notification = {{"level", error.is_note ? "note" : "error"},
                       {"message", {{"text", fmt::format("{}: {}: {}", name_of(error.stage),
                                                         escape_controls(error.path),
                                                         escape_controls(error.reason))}}}};
  if (error.path.starts_with('/')) {
    const Json location = {{"artifactLocation", {{"uri", "file://" + uri_escape_path(error.path)}}}};
    notification["locations"] = Json::array({Json{{"physicalLocation", location}}});
  }
  return notification;
}

Json invocation_of(const ScanResult& result) {
  Json notifications = Json::array();
  for (const ErrorRecord& error : result.errors) notifications.push_back(notification_of(error));
  for (const std::string& reason : result.summary.incomplete_reasons)
    notifications.push_back(Json{{"level", "error"},
                                 {"message", {{"text", "incomplete: " + escape_controls(reason)}}}});
  return {{"executionSuccessful", result.summary.is_complete},
          {"startTimeUtc", format_time(result.scan.started)},
          {"toolExecutionNotifications", std::move(notifications)}};
}

Json driver_of(const ScanResult& result, std::map<std::string, std::size_t>& rule_indices) {
  Json rules = Json::array();
  for (const Finding& finding : result.findings)
    if (rule_indices.try_emplace(finding.rule, rules.size()).second)
      rules.push_back(rule_of(finding));
  Json driver = {{"name", "backscan"}};
  if (!result.scan.tool_version.empty())
    driver["version"] = escape_controls(result.scan.tool_version);
  driver["rules"] = std::move(rules);
  return driver;
}

}  // namespace

/// Results one by one: a document of all of them would take gigabytes.
void render_sarif(const ScanResult& result, Sink& sink) {
  const Roots roots = collect_roots(result);
  Json bases = Json::object();
  for (const auto& [root, index] : roots) {
    const std::string uri = "file://" + uri_escape_path(root);
    bases[base_id(index)] = {{"uri", uri.ends_with('/') ? uri : uri + "/"}};
  }
  std::map<std::string, std::size_t> rule_indices;
  const Json tool = {{"driver", driver_of(result, rule_indices)}};
  std::string& out = sink.text();
  out += "{\n\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n"
         "\"version\": \"2.1.0\",\n\"runs\": [{\n\"tool\": ";
  out += tool.dump(1);
  out += ",\n\"invocations\": " + Json::array({invocation_of(result)}).dump(1);
  out += ",\n\"originalUriBaseIds\": " + bases.dump(1);
  out += ",\n\"results\": [";
  const char* separator = "\n";
  for (const Finding& finding : result.findings) {
    out += separator;
    write_result(finding, rule_indices[finding.rule], roots, out);
    separator = ",\n";
    sink.drain();
  }
  Json listings = Json::array();
  for (const Listing& listing : result.listings) listings.push_back(listing_record(listing));
  const Json properties = {{"scan", scan_record(result.scan)},
                           {"listings", std::move(listings)},
                           {"summary", summary_record(result.summary)}};
  out += "],\n\"properties\": " + properties.dump(1) + "\n}]\n}\n";
}

}  // namespace backscan::report

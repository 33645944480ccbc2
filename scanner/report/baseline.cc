// Reading goes through the same checked access as results do.
#include "report/baseline.h"

#include <istream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "model/time_text.h"
#include "report/json_fields.h"
#include "report/json_record.h"
#include "report/merge.h"

namespace backscan::report {
namespace {

std::string read_entry(const JsonValue& entry, bool is_first, Baseline& baseline) {
  std::string problem;
  JsonFields fields(entry, problem);
  if (is_first) {
    std::string type;
    std::uint64_t version = 0;
    fields.text("type", type);
    fields.number("schema_version", version);
    if (problem.empty() && type == "known-good")
      problem = "is a manifest of a release: give it to scan --known-good";
    else if (problem.empty() && (type != "baseline" || version != 1))
      problem = "the first line must say \"type\": \"baseline\" and \"schema_version\": 1";
    return problem;
  }
  std::string fingerprint;
  std::optional<Time> expires;
  fields.text("fingerprint", fingerprint);
  fields.time("expires", expires);
  if (problem.empty() && fingerprint.empty()) problem = "\"fingerprint\" is missing";
  if (problem.empty()) baseline.accepted[fingerprint] = expires;
  return problem;
}

}  // namespace

Result<Baseline> read_baseline(std::istream& in, const std::string& name) {
  Baseline baseline;
  simdjson::dom::parser parser;
  std::string line;
  bool is_first = true;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (trim(line).empty()) continue;
    JsonValue entry;
    std::string problem = parser.parse(line).get(entry) != simdjson::SUCCESS
                              ? "not JSON"
                              : read_entry(entry, is_first, baseline);
    if (!problem.empty())
      return std::unexpected(Error{name + ":" + std::to_string(number), std::move(problem)});
    is_first = false;
  }
  if (is_first) return std::unexpected(Error{name, "is empty"});
  return baseline;
}

std::string make_baseline(const ScanResult& result, const Acceptance& acceptance) {
  const Json head = {{"type", "baseline"},
                     {"schema_version", 1},
                     {"created", format_time(result.scan.started)}};
  std::string out = head.dump() + "\n";
  const Json reason = acceptance.reason.empty() ? Json() : Json(to_utf8(acceptance.reason));
  const Json expires = acceptance.expires ? Json(format_time(*acceptance.expires)) : Json();
  std::set<std::string> written;
  for (const Finding& finding : result.findings) {
    if (finding.fingerprint.empty() || !written.insert(finding.fingerprint).second) continue;
    const Json entry = {{"fingerprint", to_utf8(finding.fingerprint)},
                        {"rule", to_utf8(finding.rule)},
                        {"path", to_utf8(finding.path)},
                        {"reason", reason},
                        {"expires", expires}};
    out += entry.dump() + "\n";
  }
  return out;
}

void apply_baseline(const Baseline& baseline, Time now, ScanResult& result) {
  const std::size_t removed = std::erase_if(result.findings, [&](const Finding& finding) {
    const auto entry = baseline.accepted.find(finding.fingerprint);
    return entry != baseline.accepted.end() && (!entry->second || now < *entry->second);
  });
  if (removed == 0) return;
  result.summary.suppressed["baseline"] += removed;
  recount(result);
}

}  // namespace backscan::report

// Findings are rendered one by one: the template's own data tree for all of them would take hundreds
// of megabytes. Beyond kDetailed they are one short line of text each, not elements, so that 50,000
// still open within a second: what all lines of an account share (their directory, and by block the
// severity and the rule) is said once.
#include "report/html_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "base/words.h"
#include "model/time_text.h"
#include "report/html_assets.h"
#include "report/html_template.h"

namespace backscan::report {
namespace {

constexpr std::size_t kDetailed = 150;
/// Lines in one <pre>, which browsers lay out as a whole once it comes into sight. The script knows it.
constexpr std::size_t kRowsInBlock = 500;
constexpr std::string_view kRowsBegin = "<pre class=\"rows\">";
constexpr std::string_view kRowsEnd = "</pre>";

std::string place_of(const Finding& finding) {
  return place_text(finding.path, finding.line, finding.column);
}

mustache::object detail(const char* name, std::string value) {
  mustache::object values;
  values["name"] = mustache::data(std::string(name));
  values["value"] = mustache::data(std::move(value));
  return values;
}

std::vector<mustache::object> details_of(const Finding& finding) {
  std::vector<mustache::object> details;
  const auto add = [&](const char* name, std::string value) {
    if (!value.empty()) details.push_back(detail(name, std::move(value)));
  };
  const FileInfo& file = finding.file;
  if (finding.evidence)
    add("Sent", fmt::format("{}, {} without a sender",
                            counted(finding.evidence->messages, "message"),
                            grouped(finding.evidence->null_sender)));
  add("Owner", file.owner);
  add("Mode", fmt::format("{:04o}", file.mode));
  add("Size", bytes_text(file.size));
  add("Changed", file.ctime ? format_time(*file.ctime) : "");
  add("SHA-256", file.sha256);
  add("Fingerprint", finding.fingerprint);
  add("References", joined(finding.references));
  add("Hosts", joined(finding.hosts));
  return details;
}

mustache::object finding_values(const Finding& finding) {
  mustache::object values;
  set(values, "rule", finding.rule);
  set(values, "severity", std::string(name_of(finding.severity)));
  set(values, "severity_index", index_of(finding.severity));
  set(values, "rank", std::to_string(finding.rank));
  set(values, "place", place_of(finding));
  set(values, "title", finding.title);
  set(values, "confidence", std::string(name_of(finding.confidence)));
  set(values, "excerpt", finding.excerpt);
  set(values, "message", finding.message);
  set(values, "remedy", finding.remedy);
  set(values, "layers", joined(finding.layers, " > "));
  set(values, "flow_label", finding.view == ViewKind::kRaw ? "Lines that are new" : "From source to sink");
  set_list(values, "flow", "has_flow", finding.flow, [](const FlowStep& step) {
    mustache::object step_values;
    set(step_values, "line", std::to_string(step.line));
    set(step_values, "what", step.what);
    return step_values;
  });
  set_list(values, "reasons", nullptr, finding.rank_reasons, text_object);
  set_list(values, "details", nullptr, details_of(finding), [](const mustache::object& o) { return o; });
  return values;
}

/// The findings worth an article of their own: what is to be read of each file, then the rest, both
/// by rank over all groups.
std::set<const Finding*> detailed_findings(const std::vector<std::vector<FileFindings>>& groups) {
  std::vector<const Finding*> ranked;
  std::vector<const Finding*> rest;
  for (const std::vector<FileFindings>& files : groups)
    for (const FileFindings& file : files) {
      const FileDigest digest = digest_of(file, /*is_verbose=*/false);
      ranked.insert(ranked.end(), digest.full.begin(), digest.full.end());
      for (const FileFindings& rule : digest.further)
        rest.insert(rest.end(), rule.begin(), rule.end());
    }
  std::ranges::stable_sort(ranked, std::ranges::greater{}, &Finding::rank);
  std::ranges::stable_sort(rest, std::ranges::greater{}, &Finding::rank);
  ranked.insert(ranked.end(), rest.begin(), rest.end());
  if (ranked.size() > kDetailed) ranked.resize(kDetailed);
  return {ranked.begin(), ranked.end()};
}

/// The directory, with its slash, below which all of these places are.
std::string common_directory(const std::vector<const Finding*>& findings) {
  std::string_view common = findings.front()->path;
  for (const Finding* finding : findings) {
    const auto [end, unused] = std::ranges::mismatch(common, finding->path);
    common = common.substr(0, static_cast<std::size_t>(end - common.begin()));
  }
  return std::string(common.substr(0, common.rfind('/') + 1));
}

/// The lines of one group, without the markup of the templates around them.
class Rows {
 public:
  void write(std::vector<const Finding*> findings, const std::string& directory, std::string& out) {
    std::ranges::stable_sort(findings, [](const Finding* a, const Finding* b) {
      return std::tie(b->severity, a->rule, b->rank) < std::tie(a->severity, b->rule, a->rank);
    });
    const Finding* before = nullptr;
    std::size_t count = 0;
    for (const Finding* finding : findings) {
      const bool begins_block = count++ % kRowsInBlock == 0;
      if (begins_block) out.append(count == 1 ? std::string_view() : kRowsEnd).append(kRowsBegin);
      if (begins_block || before->severity != finding->severity || before->rule != finding->rule)
        write_rule(*finding, out);
      write_row(*finding, directory, out);
      before = finding;
    }
    if (count > 0) out += kRowsEnd;
  }

 private:
  void write_rule(const Finding& finding, std::string& out) {
    mustache::object values;
    set(values, "severity", std::string(name_of(finding.severity)));
    set(values, "rule", finding.rule);
    rule_.render(values, out);
  }
  void write_row(const Finding& finding, const std::string& directory, std::string& out) {
    mustache::object values;
    set(values, "rank", std::to_string(finding.rank));
    set(values, "place",
        place_text(finding.path.substr(directory.size()), finding.line, finding.column));
    row_.render(values, out);
  }

  Template rule_{html::kRule};
  Template row_{html::kRow};
};

}  // namespace

std::string render_groups(const std::vector<Group>& groups) {
  Template group_template(html::kGroup);
  Template finding_template(html::kFinding);
  Rows row_writer;
  std::vector<std::vector<FileFindings>> files;
  for (const Group& group : groups) files.push_back(files_of(group));
  const std::set<const Finding*> detailed = detailed_findings(files);
  std::string out;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Group& group = groups[i];
    std::string articles;
    std::vector<const Finding*> rest;
    for (const Finding* finding : group.findings) {
      if (detailed.contains(finding))
        finding_template.render(finding_values(*finding), articles);
      else
        rest.push_back(finding);
    }
    mustache::object values;
    set(values, "index", std::to_string(i));
    set(values, "name", group.name);
    set(values, "count", findings_text(group, files[i].size()));
    std::vector<std::string> subtitle = group.domains;
    if (group.is_account) subtitle.insert(subtitle.end(), group.roots.begin(), group.roots.end());
    set(values, "subtitle", joined(subtitle));
    set(values, "articles", std::move(articles));
    values["has_rows"] = flag(!rest.empty());
    if (!rest.empty()) {
      const std::string directory = common_directory(rest);
      std::string rows;
      row_writer.write(rest, directory, rows);
      set(values, "row_count", std::to_string(rest.size()));
      set(values, "rows_title", counted(rest.size(), "more finding"));
      set(values, "directory", directory);
      set(values, "rows", std::move(rows));
    }
    group_template.render(values, out);
  }
  return out;
}

}  // namespace backscan::report

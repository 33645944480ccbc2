// Optional and unknown values are null rather than absent, as in json_record.cc.
#include "report/finding_text.h"

#include <fmt/format.h>

namespace backscan::report {
namespace {

void write_causes(const std::vector<Cause>& causes, JsonText& json) {
  json.key("causes");
  json.begin_array();
  for (const Cause cause : causes) json.value(name_of(cause));
  json.end_array();
}

void write_place(const Finding& finding, JsonText& json) {
  json.path("path", finding.path);
  json.path("root", finding.root);
  json.member("account", finding.account);
  json.member("domain", finding.domain);
  json.number_or_null("line", finding.line);
  json.number_or_null("column", finding.column);
  json.number_or_null("end_line", finding.end_line);
  json.member("view", name_of(finding.view));
  json.member("layers", finding.layers);
  json.key("flow");
  json.begin_array();
  for (const FlowStep& step : finding.flow) {
    json.begin_object();
    json.number_or_null("line", step.line);
    json.member("what", step.what);
    json.end_object();
  }
  json.end_array();
}

void write_file(const FileInfo& file, JsonText& json) {
  json.text_or_null("sha256", file.sha256);
  json.member("size", file.size);
  json.member("mtime", file.mtime);
  json.member("ctime", file.ctime);
  json.text_or_null("owner", file.owner);
  json.member("uid", file.uid);
  json.member("mode", fmt::format("{:04o}", file.mode));
}

}  // namespace

void write_evidence(const Evidence& evidence, JsonText& json) {
  json.begin_object();
  json.member("messages", evidence.messages);
  json.member("recipients", evidence.recipients);
  json.member("null_sender", evidence.null_sender);
  json.member("first", evidence.first);
  json.member("last", evidence.last);
  json.key("since_listing");
  if (evidence.since_listing)
    json.value(*evidence.since_listing);
  else
    json.null();
  json.member("sources", evidence.sources);
  json.end_object();
}

void write_finding_members(const Finding& finding, JsonText& json) {
  json.member("rule", finding.rule);
  json.member("title", finding.title);
  json.member("class", finding.rule_class);
  json.member("severity", name_of(finding.severity));
  json.member("confidence", name_of(finding.confidence));
  write_causes(finding.causes, json);
  write_place(finding, json);
  json.member("excerpt", finding.excerpt);
  json.member("message", finding.message);
  json.member("remedy", finding.remedy);
  json.member("references", finding.references);
  write_file(finding.file, json);
  json.member("fingerprint", finding.fingerprint);
  json.key("evidence");
  if (finding.evidence)
    write_evidence(*finding.evidence, json);
  else
    json.null();
  json.member("rank", finding.rank);
  json.member("rank_reasons", finding.rank_reasons);
  if (!finding.hosts.empty()) json.member("hosts", finding.hosts);
}

void write_finding(const Finding& finding, JsonText& json) {
  json.begin_object();
  write_finding_members(finding, json);
  json.end_object();
}

}  // namespace backscan::report

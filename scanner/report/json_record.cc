// Optional and unknown values are null rather than absent, so that a consumer can tell "not known"
// from "a version that does not say".
#include "report/json_record.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "model/time_text.h"
#include "report/finding_text.h"

namespace backscan::report {
namespace {

Json texts(const std::vector<std::string>& values) {
  Json array = Json::array();
  for (const std::string& value : values) array.push_back(to_utf8(value));
  return array;
}

Json causes_of(const std::vector<Cause>& causes) {
  Json array = Json::array();
  for (const Cause cause : causes) array.push_back(name_of(cause));
  return array;
}

Json text_or_null(const std::optional<std::string>& value) {
  return value ? Json(to_utf8(*value)) : Json();
}

Json text_or_null(const std::string& value) {
  return value.empty() ? Json() : Json(to_utf8(value));
}

Json time_or_null(const std::optional<Time>& time) {
  return time ? Json(format_time(*time)) : Json();
}

Json number_or_null(std::size_t number) { return number == 0 ? Json() : Json(number); }

void add_path(Json& record, const std::string& key, const std::string& path) {
  record[key] = to_utf8(path);
  if (!is_utf8(path)) record[key + "_base64"] = base64_encode(path);
}

/// Only merged results name the host of each record.
void add_host(Json& record, const std::string& host) {
  if (!host.empty()) record["host"] = to_utf8(host);
}

Json counts_of(const std::map<std::string, std::uint64_t>& counts) {
  Json object = Json::object();
  for (const auto& [name, count] : counts) object[to_utf8(name)] = count;
  return object;
}

/// What finding_text.cc writes, as a value.
template <typename Item>
Json parsed(const Item& item, void (*write)(const Item&, JsonText&)) {
  std::string text;
  JsonText json(text);
  write(item, json);
  return Json::parse(text);
}

Json evidence_record(const Evidence& evidence) { return parsed(evidence, write_evidence); }

Json likely_causes(const std::vector<LikelyCause>& causes) {
  Json array = Json::array();
  for (const LikelyCause& cause : causes) {
    Json record = {{"kind", name_of(cause.kind)}};
    add_path(record, "subject", cause.subject);
    record["account"] = text_or_null(cause.account);
    add_host(record, cause.host);
    record["causes"] = causes_of(cause.causes);
    record["rank"] = cause.rank;
    record["evidence"] = cause.evidence ? evidence_record(*cause.evidence) : Json();
    record["proof"] = to_utf8(cause.proof);
    record["remedy"] = to_utf8(cause.remedy);
    array.push_back(std::move(record));
  }
  return array;
}

}  // namespace

Json finding_record(const Finding& finding) { return parsed(finding, write_finding); }

Json listing_record(const Listing& listing) {
  Json record = {{"ip", to_utf8(listing.ip)},
                 {"zone", to_utf8(listing.zone)},
                 {"name", to_utf8(listing.name)},
                 {"scope", name_of(listing.scope)},
                 {"state", name_of(listing.state)}};
  record["reason"] = listing.reason == NotChecked::kNone ? Json() : Json(name_of(listing.reason));
  record["codes"] = texts(listing.codes);
  record["text"] = texts(listing.text);
  record["meaning"] = texts(listing.meaning);
  record["causes"] = causes_of(listing.causes);
  record["informational"] = listing.is_informational;
  record["ttl"] = listing.ttl ? Json(listing.ttl->count()) : Json();
  record["expires_after_hours"] =
      listing.expires_after ? Json(listing.expires_after->count()) : Json();
  record["expires_estimate"] = text_or_null(listing.expires_estimate);
  record["lookup_url"] = text_or_null(listing.lookup_url);
  record["delist_url"] = text_or_null(listing.delist_url);
  record["policy"] = text_or_null(listing.policy);
  return record;
}

Json audit_record(const AuditNote& note) {
  Json record = {{"rule", to_utf8(note.rule)}, {"component", to_utf8(note.component)}};
  add_path(record, "file", note.file);
  record["line"] = number_or_null(note.line);
  record["setting"] = to_utf8(note.setting);
  record["value"] = to_utf8(note.value);
  record["severity"] = name_of(note.severity);
  record["causes"] = causes_of(note.causes);
  record["why"] = to_utf8(note.why);
  record["fix"] = to_utf8(note.fix);
  add_host(record, note.host);
  return record;
}

Json sender_record(const Sender& sender) {
  Json record = Json::object();
  if (sender.script)
    add_path(record, "script", *sender.script);
  else
    record["script"] = nullptr;
  if (sender.directory)
    add_path(record, "directory", *sender.directory);
  else
    record["directory"] = nullptr;
  record["account"] = text_or_null(sender.account);
  record["uid"] = sender.uid ? Json(*sender.uid) : Json();
  record["attribution"] = name_of(sender.attribution);
  record["evidence"] = evidence_record(sender.evidence);
  record["bounces_caused"] = sender.bounces_caused;
  record["eval"] = sender.is_eval;
  record["forged_senders"] = texts(sender.forged_senders);
  record["sample_subjects"] = texts(sender.sample_subjects);
  add_host(record, sender.host);
  return record;
}

Json mail_record(const MailActivity& mail) {
  Json record = {{"files", texts(mail.files)},
                 {"lines", mail.lines},
                 {"unknown_lines", mail.unknown_lines},
                 {"messages", mail.messages},
                 {"first", time_or_null(mail.first)},
                 {"last", time_or_null(mail.last)},
                 {"bounces_to_local_senders", mail.bounces_to_local_senders},
                 {"null_sender_out", mail.null_sender_out},
                 {"last_null_sender", time_or_null(mail.last_null_sender)}};
  Json clusters = Json::array();
  for (const BackscatterCluster& cluster : mail.backscatter) {
    clusters.push_back({{"reason", name_of(cluster.reason)},
                        {"messages", cluster.messages},
                        {"first", format_time(cluster.first)},
                        {"last", format_time(cluster.last)},
                        {"sample_id", text_or_null(cluster.sample_id)},
                        {"sample_parent", text_or_null(cluster.sample_parent)},
                        {"sample_recipient", text_or_null(cluster.sample_recipient)},
                        {"sample_words", text_or_null(cluster.sample_words)}});
    add_host(clusters.back(), cluster.host);
  }
  record["backscatter"] = std::move(clusters);
  record["volume_step_seconds"] = mail.volume_step.count();
  Json volume = Json::array();
  for (const MailVolume& step : mail.volume)
    volume.push_back({{"start", format_time(step.start)},
                      {"submitted", step.submitted},
                      {"null_sender", step.null_sender}});
  record["volume"] = std::move(volume);
  Json refusals = Json::array();
  for (const RefusalByList& refusal : mail.refusals) {
    refusals.push_back({{"list", to_utf8(refusal.list)},
                        {"count", refusal.count},
                        {"first", format_time(refusal.first)},
                        {"last", format_time(refusal.last)},
                        {"sample", to_utf8(refusal.sample)}});
    add_host(refusals.back(), refusal.host);
  }
  record["refusals"] = std::move(refusals);
  return record;
}

Json history_record(const RunHistory& history) {
  Json runs = Json::array();
  for (const PastRun& run : history.runs)
    runs.push_back({{"started", format_time(run.started)},
                    {"complete", run.is_complete},
                    {"findings", run.findings},
                    {"listings", run.listings},
                    {"submitted", run.submitted},
                    {"null_sender", run.null_sender}});
  return {{"runs", std::move(runs)},
          {"came_back", texts(history.came_back)},
          {"ended", texts(history.ended)}};
}

Json error_record(const ErrorRecord& error) {
  Json record = Json::object();
  add_path(record, "path", error.path);
  record["stage"] = name_of(error.stage);
  record["reason"] = to_utf8(error.reason);
  record["note"] = error.is_note;
  return record;
}

Json scan_record(const ScanInfo& scan) {
  Json record = {{"host", to_utf8(scan.host)}, {"roots", texts(scan.roots)}};
  if (!std::ranges::all_of(scan.roots, is_utf8)) {
    Json bytes = Json::array();
    for (const std::string& root : scan.roots) bytes.push_back(base64_encode(root));
    record["roots_base64"] = std::move(bytes);
  }
  record["ips"] = texts(scan.ips);
  record["seen"] = time_or_null(scan.seen);
  record["started"] = format_time(scan.started);
  record["rules"] = scan.rules;
  record["offline"] = scan.is_offline;
  return record;
}

Json summary_record(const Summary& summary) {
  const Counts& counts = summary.counts;
  std::uint64_t total = 0;
  Json by_severity = Json::object();
  for (std::size_t i = 0; i < kSeverityNames.size(); ++i) {
    by_severity[std::string(kSeverityNames[i])] = summary.by_severity[i];
    total += summary.by_severity[i];
  }
  return {{"complete", summary.is_complete},
          {"incomplete_reasons", texts(summary.incomplete_reasons)},
          {"files",
           {{"seen", counts.files_seen},
            {"scanned", counts.files_scanned},
            {"partial", counts.files_partial},
            {"unchanged", counts.files_unchanged}}},
          {"directories", counts.directories},
          {"bytes", {{"seen", counts.bytes_seen}, {"scanned", counts.bytes_scanned}}},
          {"skipped", counts_of(counts.skipped)},
          {"findings",
           {{"total", total},
            {"by_severity", std::move(by_severity)},
            {"by_class", counts_of(summary.by_class)}}},
          {"suppressed", counts_of(summary.suppressed)},
          {"wall_seconds", summary.wall_seconds},
          {"cpu_seconds", summary.cpu_seconds},
          {"rules_version", to_utf8(summary.rules_version)},
          {"likely_causes", likely_causes(summary.causes)},
          {"advice", texts(summary.advice)}};
}

Json tool_record(const ScanInfo& scan) {
  return {{"name", "backscan"}, {"version", to_utf8(scan.tool_version)}};
}

}  // namespace backscan::report

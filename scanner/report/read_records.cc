// Lists of fields, in the order in which json_record.cc writes them.
#include "report/read_records.h"

#include <charconv>

#include "base/text.h"
#include "report/json_fields.h"

namespace backscan::report {
namespace {

constexpr std::uint64_t kMaxPlace = UINT32_MAX;

void read_evidence(const simdjson::dom::object& record, Evidence& evidence, std::string& problem) {
  JsonFields fields(record, problem);
  fields.number("messages", evidence.messages);
  fields.number("recipients", evidence.recipients);
  fields.number("null_sender", evidence.null_sender);
  fields.time("first", evidence.first);
  fields.time("last", evidence.last);
  fields.texts("sources", evidence.sources);
  std::uint64_t since = UINT64_MAX;
  fields.number("since_listing", since);
  if (since != UINT64_MAX) evidence.since_listing = since;
}

void read_place(JsonFields& fields, std::string_view key, std::size_t& target) {
  std::uint64_t number = target;
  fields.number(key, number, kMaxPlace);
  target = static_cast<std::size_t>(number);
}

void read_file(JsonFields& fields, FileInfo& file) {
  fields.text("sha256", file.sha256);
  fields.number("size", file.size);
  fields.time("mtime", file.mtime);
  fields.time("ctime", file.ctime);
  fields.text("owner", file.owner);
  std::uint64_t uid = file.uid;
  fields.number("uid", uid, UINT32_MAX);
  file.uid = static_cast<std::uint32_t>(uid);
  std::string mode;
  fields.text("mode", mode);
  if (mode.empty()) return;
  const char* const end = mode.data() + mode.size();
  const auto [stop, error] = std::from_chars(mode.data(), end, file.mode, 8);
  if (error != std::errc{} || stop != end || file.mode > 07777)
    fields.complain("mode", "must be an octal file mode");
}

void read_flow(const simdjson::dom::array& steps, Finding& finding, std::string& problem) {
  for (const JsonValue step : steps) {
    JsonFields fields(step, problem);
    FlowStep& added = finding.flow.emplace_back();
    read_place(fields, "line", added.line);
    fields.text("what", added.what);
  }
}

void read_finding(const JsonValue& record, Finding& finding, std::string& problem) {
  JsonFields fields(record, problem);
  fields.text("rule", finding.rule);
  fields.text("title", finding.title);
  fields.text("class", finding.rule_class);
  fields.word("severity", kSeverityNames, finding.severity);
  fields.word("confidence", kConfidenceNames, finding.confidence);
  fields.words("causes", kCauseNames, finding.causes);
  fields.path("path", finding.path);
  fields.path("root", finding.root);
  fields.text("account", finding.account);
  fields.text("domain", finding.domain);
  read_place(fields, "line", finding.line);
  read_place(fields, "column", finding.column);
  read_place(fields, "end_line", finding.end_line);
  fields.word("view", kViewNames, finding.view);
  fields.texts("layers", finding.layers);
  if (const auto steps = fields.array("flow")) read_flow(*steps, finding, problem);
  fields.text("excerpt", finding.excerpt);
  fields.text("message", finding.message);
  fields.text("remedy", finding.remedy);
  fields.texts("references", finding.references);
  read_file(fields, finding.file);
  fields.text("fingerprint", finding.fingerprint);
  if (const auto evidence = fields.object("evidence"))
    read_evidence(*evidence, finding.evidence.emplace(), problem);
  std::uint64_t rank = 0;
  fields.number("rank", rank, 100);
  finding.rank = static_cast<int>(rank);
  fields.texts("rank_reasons", finding.rank_reasons);
  fields.texts("hosts", finding.hosts);
  if (finding.rule.empty()) fields.complain("rule", "is missing");
  if (finding.path.empty()) fields.complain("path", "is missing");
}

void read_listing(const JsonValue& record, Listing& listing, std::string& problem) {
  JsonFields fields(record, problem);
  fields.text("ip", listing.ip);
  fields.text("zone", listing.zone);
  fields.text("name", listing.name);
  fields.word("scope", kScopeNames, listing.scope);
  fields.word("state", kListingStateNames, listing.state);
  fields.word("reason", kNotCheckedNames, listing.reason);
  fields.texts("codes", listing.codes);
  fields.texts("text", listing.text);
  fields.texts("meaning", listing.meaning);
  fields.words("causes", kCauseNames, listing.causes);
  fields.flag("informational", listing.is_informational);
  constexpr std::uint64_t kMaxSeconds = UINT32_MAX;
  std::uint64_t number = UINT64_MAX;
  fields.number("ttl", number, kMaxSeconds);
  if (number <= kMaxSeconds) listing.ttl = std::chrono::seconds{number};
  number = UINT64_MAX;
  // Added to times in nanoseconds later; a century of hours stays far from overflow.
  constexpr std::uint64_t kMaxHours = 100 * 366 * 24;
  fields.number("expires_after_hours", number, kMaxHours);
  if (number <= kMaxHours) listing.expires_after = std::chrono::hours{number};
  fields.text("expires_estimate", listing.expires_estimate);
  fields.text("lookup_url", listing.lookup_url);
  fields.text("delist_url", listing.delist_url);
  fields.text("policy", listing.policy);
  if (listing.ip.empty()) fields.complain("ip", "is missing");
  if (listing.zone.empty()) fields.complain("zone", "is missing");
}

void read_audit(const JsonValue& record, AuditNote& note, std::string& problem) {
  JsonFields fields(record, problem);
  fields.text("rule", note.rule);
  fields.text("component", note.component);
  fields.path("file", note.file);
  read_place(fields, "line", note.line);
  fields.text("setting", note.setting);
  fields.text("value", note.value);
  fields.word("severity", kSeverityNames, note.severity);
  fields.words("causes", kCauseNames, note.causes);
  fields.text("why", note.why);
  fields.text("fix", note.fix);
  fields.text("host", note.host);
}

void read_optional_path(JsonFields& fields, std::string_view key,
                        std::optional<std::string>& target) {
  std::string path;
  fields.path(key, path);
  if (!path.empty()) target = std::move(path);
}

void read_sender(const JsonValue& record, Sender& sender, std::string& problem) {
  JsonFields fields(record, problem);
  read_optional_path(fields, "script", sender.script);
  read_optional_path(fields, "directory", sender.directory);
  fields.text("account", sender.account);
  std::uint64_t uid = UINT64_MAX;
  fields.number("uid", uid, UINT32_MAX);
  if (uid <= UINT32_MAX) sender.uid = static_cast<std::uint32_t>(uid);
  fields.word("attribution", kAttributionNames, sender.attribution);
  if (const auto evidence = fields.object("evidence"))
    read_evidence(*evidence, sender.evidence, problem);
  fields.number("bounces_caused", sender.bounces_caused);
  fields.flag("eval", sender.is_eval);
  fields.texts("forged_senders", sender.forged_senders);
  fields.texts("sample_subjects", sender.sample_subjects);
  fields.text("host", sender.host);
}

void read_time(JsonFields& fields, std::string_view key, Time& target) {
  std::optional<Time> time;
  fields.time(key, time);
  target = time.value_or(Time{});
}

void read_cluster(const JsonValue& record, BackscatterCluster& cluster, std::string& problem) {
  JsonFields fields(record, problem);
  fields.word("reason", kBackscatterReasonNames, cluster.reason);
  fields.number("messages", cluster.messages);
  read_time(fields, "first", cluster.first);
  read_time(fields, "last", cluster.last);
  fields.text("sample_id", cluster.sample_id);
  fields.text("sample_parent", cluster.sample_parent);
  fields.text("sample_recipient", cluster.sample_recipient);
  fields.text("sample_words", cluster.sample_words);
  fields.text("host", cluster.host);
}

void read_refusal(const JsonValue& record, RefusalByList& refusal, std::string& problem) {
  JsonFields fields(record, problem);
  fields.text("list", refusal.list);
  fields.number("count", refusal.count);
  read_time(fields, "first", refusal.first);
  read_time(fields, "last", refusal.last);
  fields.text("sample", refusal.sample);
  fields.text("host", refusal.host);
}

void read_volume(const JsonValue& record, MailVolume& volume, std::string& problem) {
  JsonFields fields(record, problem);
  read_time(fields, "start", volume.start);
  fields.number("submitted", volume.submitted);
  fields.number("null_sender", volume.null_sender);
}

void read_mail(const JsonValue& record, MailActivity& mail, std::string& problem) {
  JsonFields fields(record, problem);
  fields.texts("files", mail.files);
  fields.number("lines", mail.lines);
  fields.number("unknown_lines", mail.unknown_lines);
  fields.number("messages", mail.messages);
  fields.time("first", mail.first);
  fields.time("last", mail.last);
  fields.number("bounces_to_local_senders", mail.bounces_to_local_senders);
  fields.number("null_sender_out", mail.null_sender_out);
  fields.time("last_null_sender", mail.last_null_sender);
  if (const auto clusters = fields.array("backscatter"))
    for (const JsonValue cluster : *clusters)
      read_cluster(cluster, mail.backscatter.emplace_back(), problem);
  constexpr std::uint64_t kMaxStepSeconds = 7 * 24 * 3600;
  std::uint64_t step_seconds = 0;
  fields.number("volume_step_seconds", step_seconds, kMaxStepSeconds);
  mail.volume_step = std::chrono::seconds{step_seconds};
  if (const auto volume = fields.array("volume"))
    for (const JsonValue step : *volume) read_volume(step, mail.volume.emplace_back(), problem);
  if (const auto refusals = fields.array("refusals"))
    for (const JsonValue refusal : *refusals)
      read_refusal(refusal, mail.refusals.emplace_back(), problem);
}

void read_history(const JsonValue& record, RunHistory& history, std::string& problem) {
  JsonFields fields(record, problem);
  if (const auto runs = fields.array("runs")) {
    for (const JsonValue item : *runs) {
      PastRun& run = history.runs.emplace_back();
      JsonFields inner(item, problem);
      read_time(inner, "started", run.started);
      inner.flag("complete", run.is_complete);
      inner.number("findings", run.findings);
      inner.number("listings", run.listings);
      inner.number("submitted", run.submitted);
      inner.number("null_sender", run.null_sender);
    }
  }
  fields.texts("came_back", history.came_back);
  fields.texts("ended", history.ended);
}

void read_cause(const JsonValue& record, LikelyCause& cause, std::string& problem) {
  JsonFields fields(record, problem);
  fields.word("kind", kCauseKindNames, cause.kind);
  fields.path("subject", cause.subject);
  fields.text("account", cause.account);
  fields.text("host", cause.host);
  fields.words("causes", kCauseNames, cause.causes);
  std::uint64_t rank = 0;
  fields.number("rank", rank, 100);
  cause.rank = static_cast<int>(rank);
  if (const auto evidence = fields.object("evidence"))
    read_evidence(*evidence, cause.evidence.emplace(), problem);
  fields.text("proof", cause.proof);
  fields.text("remedy", cause.remedy);
}

void read_error(const JsonValue& record, ErrorRecord& error, std::string& problem) {
  JsonFields fields(record, problem);
  fields.path("path", error.path);
  fields.word("stage", kStageNames, error.stage);
  fields.text("reason", error.reason);
  fields.flag("note", error.is_note);
}

void read_scan(const JsonValue& record, ScanInfo& scan, std::string& problem) {
  JsonFields fields(record, problem);
  fields.text("host", scan.host);
  fields.texts("roots", scan.roots);
  std::vector<std::string> encoded;
  fields.texts("roots_base64", encoded);
  for (std::size_t i = 0; i < encoded.size() && i < scan.roots.size(); ++i) {
    if (auto bytes = base64_decode(encoded[i]))
      scan.roots[i] = std::move(*bytes);
    else
      fields.complain("roots_base64", "is not base64");
  }
  fields.texts("ips", scan.ips);
  fields.time("seen", scan.seen);
  std::optional<Time> started;
  fields.time("started", started);
  scan.started = started.value_or(Time{});
  fields.number("rules", scan.rules);
  fields.flag("offline", scan.is_offline);
}

void read_counts(JsonFields& fields, Counts& counts, std::string& problem) {
  if (const auto files = fields.object("files")) {
    JsonFields inner(*files, problem);
    inner.number("seen", counts.files_seen);
    inner.number("scanned", counts.files_scanned);
    inner.number("partial", counts.files_partial);
    inner.number("unchanged", counts.files_unchanged);
  }
  fields.number("directories", counts.directories);
  if (const auto bytes = fields.object("bytes")) {
    JsonFields inner(*bytes, problem);
    inner.number("seen", counts.bytes_seen);
    inner.number("scanned", counts.bytes_scanned);
  }
  fields.counts("skipped", counts.skipped);
}

void read_summary(const JsonValue& record, Summary& summary, std::string& problem) {
  JsonFields fields(record, problem);
  fields.flag("complete", summary.is_complete);
  fields.texts("incomplete_reasons", summary.incomplete_reasons);
  read_counts(fields, summary.counts, problem);
  fields.counts("suppressed", summary.suppressed);
  fields.seconds("wall_seconds", summary.wall_seconds);
  fields.seconds("cpu_seconds", summary.cpu_seconds);
  fields.text("rules_version", summary.rules_version);
  if (const auto causes = fields.array("likely_causes"))
    for (const JsonValue cause : *causes) read_cause(cause, summary.causes.emplace_back(), problem);
  fields.texts("advice", summary.advice);
}

}  // namespace

void read_record(std::string_view type, const JsonValue& record, ScanResult& result,
                 std::string& problem) {
  if (type == "finding") return read_finding(record, result.findings.emplace_back(), problem);
  if (type == "listing") return read_listing(record, result.listings.emplace_back(), problem);
  if (type == "audit") return read_audit(record, result.audit.emplace_back(), problem);
  if (type == "sender") return read_sender(record, result.senders.emplace_back(), problem);
  if (type == "mail") return read_mail(record, result.mail.emplace(), problem);
  if (type == "history") return read_history(record, result.history.emplace(), problem);
  if (type == "error") return read_error(record, result.errors.emplace_back(), problem);
  if (type == "scan") return read_scan(record, result.scan, problem);
  if (type == "summary") return read_summary(record, result.summary, problem);
}

void read_tool(const JsonValue& record, ScanInfo& scan, std::string& problem) {
  JsonFields fields(record, problem);
  if (const auto tool = fields.object("tool"))
    JsonFields(*tool, problem).text("version", scan.tool_version);
}

}  // namespace backscan::report

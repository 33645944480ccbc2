// Lists of fields, in the order in which json_record.cc writes them.
#include "report/read_records.h"

#include <charconv>

#include "base/text.h"
#include "report/json_fields.h"

namespace backscan::report {
namespace {

constexpr std::uint64_t kMaxPlace = UINT32_MAX;

void read_evidence(const Json& record, Evidence& evidence, std::string& problem) {
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

void read_flow(const Json& steps, Finding& finding, std::string& problem) {
  for (const Json& step : steps) {
    JsonFields fields(step, problem);
    FlowStep& added = finding.flow.emplace_back();
    read_place(fields, "line", added.line);
    fields.text("what", added.what);
  }
}

void read_finding(const Json& record, Finding& finding, std::string& problem) {
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
  if (const Json* steps = fields.array("flow")) read_flow(*steps, finding, problem);
  fields.text("excerpt", finding.excerpt);
  fields.text("message", finding.message);
  fields.text("remedy", finding.remedy);
  fields.texts("references", finding.references);
  read_file(fields, finding.file);
  fields.text("fingerprint", finding.fingerprint);
  if (const Json* evidence = fields.object("evidence"))
    read_evidence(*evidence, finding.evidence.emplace(), problem);
  std::uint64_t rank = 0;
  fields.number("rank", rank, 100);
  finding.rank = static_cast<int>(rank);
  fields.texts("rank_reasons", finding.rank_reasons);
  fields.texts("hosts", finding.hosts);
  if (finding.rule.empty()) fields.complain("rule", "is missing");
  if (finding.path.empty()) fields.complain("path", "is missing");
}

void read_listing(const Json& record, Listing& listing, std::string& problem) {
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

void read_audit(const Json& record, AuditNote& note, std::string& problem) {
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
}

void read_optional_path(JsonFields& fields, std::string_view key,
                        std::optional<std::string>& target) {
  std::string path;
  fields.path(key, path);
  if (!path.empty()) target = std::move(path);
}

void read_sender(const Json& record, Sender& sender, std::string& problem) {
  JsonFields fields(record, problem);
  read_optional_path(fields, "script", sender.script);
  read_optional_path(fields, "directory", sender.directory);
  fields.text("account", sender.account);
  std::uint64_t uid = UINT64_MAX;
  fields.number("uid", uid, UINT32_MAX);
  if (uid <= UINT32_MAX) sender.uid = static_cast<std::uint32_t>(uid);
  fields.word("attribution", kAttributionNames, sender.attribution);
  if (const Json* evidence = fields.object("evidence"))
    read_evidence(*evidence, sender.evidence, problem);
  fields.number("bounces_caused", sender.bounces_caused);
  fields.flag("eval", sender.is_eval);
  fields.texts("forged_senders", sender.forged_senders);
  fields.texts("sample_subjects", sender.sample_subjects);
}

void read_time(JsonFields& fields, std::string_view key, Time& target) {
  std::optional<Time> time;
  fields.time(key, time);
  target = time.value_or(Time{});
}

void read_cluster(const Json& record, BackscatterCluster& cluster, std::string& problem) {
  JsonFields fields(record, problem);
  fields.word("reason", kBackscatterReasonNames, cluster.reason);
  fields.number("messages", cluster.messages);
  read_time(fields, "first", cluster.first);
  read_time(fields, "last", cluster.last);
  fields.text("sample_id", cluster.sample_id);
  fields.text("sample_parent", cluster.sample_parent);
  fields.text("sample_recipient", cluster.sample_recipient);
  fields.text("sample_words", cluster.sample_words);
}

void read_refusal(const Json& record, RefusalByList& refusal, std::string& problem) {
  JsonFields fields(record, problem);
  fields.text("list", refusal.list);
  fields.number("count", refusal.count);
  read_time(fields, "first", refusal.first);
  read_time(fields, "last", refusal.last);
  fields.text("sample", refusal.sample);
}

void read_mail(const Json& record, MailActivity& mail, std::string& problem) {
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
  if (const Json* clusters = fields.array("backscatter"))
    for (const Json& cluster : *clusters)
      read_cluster(cluster, mail.backscatter.emplace_back(), problem);
  if (const Json* refusals = fields.array("refusals"))
    for (const Json& refusal : *refusals)
      read_refusal(refusal, mail.refusals.emplace_back(), problem);
}

void read_cause(const Json& record, LikelyCause& cause, std::string& problem) {
  JsonFields fields(record, problem);
  fields.word("kind", kCauseKindNames, cause.kind);
  fields.path("subject", cause.subject);
  fields.text("account", cause.account);
  fields.words("causes", kCauseNames, cause.causes);
  std::uint64_t rank = 0;
  fields.number("rank", rank, 100);
  cause.rank = static_cast<int>(rank);
  if (const Json* evidence = fields.object("evidence"))
    read_evidence(*evidence, cause.evidence.emplace(), problem);
  fields.text("proof", cause.proof);
  fields.text("remedy", cause.remedy);
}

void read_error(const Json& record, ErrorRecord& error, std::string& problem) {
  JsonFields fields(record, problem);
  fields.path("path", error.path);
  fields.word("stage", kStageNames, error.stage);
  fields.text("reason", error.reason);
  fields.flag("note", error.is_note);
}

void read_scan(const Json& record, ScanInfo& scan, std::string& problem) {
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
  if (const Json* files = fields.object("files")) {
    JsonFields inner(*files, problem);
    inner.number("seen", counts.files_seen);
    inner.number("scanned", counts.files_scanned);
    inner.number("partial", counts.files_partial);
    inner.number("unchanged", counts.files_unchanged);
  }
  fields.number("directories", counts.directories);
  if (const Json* bytes = fields.object("bytes")) {
    JsonFields inner(*bytes, problem);
    inner.number("seen", counts.bytes_seen);
    inner.number("scanned", counts.bytes_scanned);
  }
  fields.counts("skipped", counts.skipped);
}

void read_summary(const Json& record, Summary& summary, std::string& problem) {
  JsonFields fields(record, problem);
  fields.flag("complete", summary.is_complete);
  fields.texts("incomplete_reasons", summary.incomplete_reasons);
  read_counts(fields, summary.counts, problem);
  fields.counts("suppressed", summary.suppressed);
  fields.seconds("wall_seconds", summary.wall_seconds);
  fields.seconds("cpu_seconds", summary.cpu_seconds);
  fields.text("rules_version", summary.rules_version);
  if (const Json* causes = fields.array("likely_causes"))
    for (const Json& cause : *causes) read_cause(cause, summary.causes.emplace_back(), problem);
  fields.texts("advice", summary.advice);
}

}  // namespace

void read_record(std::string_view type, const Json& record, ScanResult& result,
                 std::string& problem) {
  if (type == "finding") return read_finding(record, result.findings.emplace_back(), problem);
  if (type == "listing") return read_listing(record, result.listings.emplace_back(), problem);
  if (type == "audit") return read_audit(record, result.audit.emplace_back(), problem);
  if (type == "sender") return read_sender(record, result.senders.emplace_back(), problem);
  if (type == "mail") return read_mail(record, result.mail.emplace(), problem);
  if (type == "error") return read_error(record, result.errors.emplace_back(), problem);
  if (type == "scan") return read_scan(record, result.scan, problem);
  if (type == "summary") return read_summary(record, result.summary, problem);
}

void read_tool(const Json& record, ScanInfo& scan, std::string& problem) {
  JsonFields fields(record, problem);
  if (const Json* tool = fields.object("tool"))
    JsonFields(*tool, problem).text("version", scan.tool_version);
}

}  // namespace backscan::report

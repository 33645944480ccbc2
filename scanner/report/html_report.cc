// Fills the templates of html/ (kainjow mustache, which escapes by default; the escape is ours).
// Findings are rendered one by one: the template's own data tree for all of them would take
// hundreds of megabytes. Beyond kDetailed they are one line of text each, not elements, so that
// 50,000 still open within a second.
#include "report/html_report.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <kainjow/mustache.hpp>
#include <set>

#include "base/text.h"
#include "base/words.h"
#include "model/time_text.h"
#include "report/group.h"
#include "report/html_assets.h"
#include "report/markup.h"

namespace backscan::report {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::mustache;
using kainjow::mustache::object;

constexpr std::size_t kDetailed = 300;
/// From here on what is out of sight is not laid out; below, whole pages can be printed and pictured.
constexpr std::size_t kMany = 50;
constexpr std::size_t kErrorsShown = 200;
/// Lines in one <pre>, which browsers lay out as a whole once it comes into sight. The script knows it.
constexpr std::size_t kRowsInBlock = 500;
constexpr std::string_view kRowsBegin = "<pre class=\"rows\">";
constexpr std::string_view kRowsEnd = "</pre>";

class Template {
 public:
  explicit Template(std::string_view text) : mustache_(std::string(text)) {
    mustache_.set_custom_escape([](const std::string& value) { return xml_escape(value); });
  }
  void render(const object& values, std::string& out) {
    mustache_.render(data(values), [&out](const std::string& piece) { out += piece; });
  }

 private:
  mustache mustache_;
};

std::string csp_hash(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  ::SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return base64_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

/// An empty value is a false section: the template leaves the whole line out.
void set(object& values, const char* key, std::string value) {
  if (value.empty())
    values[key] = data(data::type::bool_false);
  else
    values[key] = data(std::move(value));
}

data flag(bool value) { return data(value ? data::type::bool_true : data::type::bool_false); }

template <typename Items, typename ToObject>
void set_list(object& values, const char* key, const char* has_key, const Items& items,
              ToObject to_object) {
  list all;
  for (const auto& item : items) all.push_back(data(to_object(item)));
  if (has_key != nullptr) values[has_key] = flag(!all.empty());
  values[key] = data(std::move(all));
}

std::string index_of(Severity severity) {
  return std::to_string(static_cast<unsigned>(severity));
}

object text_object(const std::string& text) {
  object values;
  values["text"] = data(text);
  return values;
}

object detail(const char* name, std::string value) {
  object values;
  values["name"] = data(std::string(name));
  values["value"] = data(std::move(value));
  return values;
}

std::vector<object> details_of(const Finding& finding) {
  std::vector<object> details;
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

object row_values(const Finding& finding) {
  object values;
  set(values, "rule", finding.rule);
  set(values, "severity", std::string(name_of(finding.severity)));
  set(values, "severity_index", index_of(finding.severity));
  set(values, "rank", std::to_string(finding.rank));
  set(values, "place", place_text(finding.path, finding.line, finding.column));
  return values;
}

object finding_values(const Finding& finding) {
  object values = row_values(finding);
  set(values, "title", finding.title);
  set(values, "confidence", std::string(name_of(finding.confidence)));
  set(values, "excerpt", finding.excerpt);
  set(values, "message", finding.message);
  set(values, "remedy", finding.remedy);
  set(values, "layers", joined(finding.layers, " > "));
  set_list(values, "flow", "has_flow", finding.flow, [](const FlowStep& step) {
    object step_values;
    set(step_values, "line", std::to_string(step.line));
    set(step_values, "what", step.what);
    return step_values;
  });
  set_list(values, "reasons", nullptr, finding.rank_reasons, text_object);
  set_list(values, "details", nullptr, details_of(finding), [](const object& o) { return o; });
  return values;
}

/// The findings worth an article of their own: the first by rank over all groups.
std::set<const Finding*> detailed_findings(const std::vector<Group>& groups) {
  std::vector<const Finding*> ranked;
  for (const Group& group : groups)
    ranked.insert(ranked.end(), group.findings.begin(), group.findings.end());
  std::ranges::stable_sort(ranked, std::ranges::greater{}, &Finding::rank);
  if (ranked.size() > kDetailed) ranked.resize(kDetailed);
  return {ranked.begin(), ranked.end()};
}

std::string render_groups(const std::vector<Group>& groups) {
  Template group_template(html::kGroup);
  Template finding_template(html::kFinding);
  Template row_template(html::kRow);
  const std::set<const Finding*> detailed = detailed_findings(groups);
  std::string out;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Group& group = groups[i];
    std::string articles;
    std::string rows;
    std::size_t row_count = 0;
    for (const Finding* finding : group.findings) {
      if (detailed.contains(finding)) {
        finding_template.render(finding_values(*finding), articles);
      } else {
        if (row_count++ % kRowsInBlock == 0)
          rows.append(rows.empty() ? std::string_view() : kRowsEnd).append(kRowsBegin);
        row_template.render(row_values(*finding), rows);
      }
    }
    if (row_count > 0) rows += kRowsEnd;
    object values;
    set(values, "index", std::to_string(i));
    set(values, "name", group.name);
    set(values, "count", counted(group.findings.size(), "finding"));
    std::vector<std::string> subtitle = group.domains;
    if (group.is_account) subtitle.insert(subtitle.end(), group.roots.begin(), group.roots.end());
    set(values, "subtitle", joined(subtitle));
    set(values, "articles", std::move(articles));
    values["has_rows"] = flag(row_count > 0);
    set(values, "row_count", std::to_string(row_count));
    set(values, "rows_title", counted(row_count, "more finding"));
    set(values, "rows", std::move(rows));
    group_template.render(values, out);
  }
  return out;
}

object listing_values(const Listing& listing) {
  object values;
  std::string state(name_of(listing.state));
  std::ranges::replace(state, '_', ' ');
  if (listing.reason != NotChecked::kNone)
    state += fmt::format(" ({})", name_of(listing.reason));
  if (listing.is_informational) state += ", for information";
  set(values, "ip", listing.ip);
  set(values, "name", listing.name);
  set(values, "zone", listing.zone);
  set(values, "state", std::move(state));
  set(values, "state_class", std::string(name_of(listing.state)));
  set(values, "codes", joined(listing.codes));
  set(values, "meaning", joined(listing.meaning, "; "));
  set(values, "text", joined(listing.text, "; "));
  set(values, "ends", listing.expires_estimate);
  set(values, "policy", listing.policy);
  set(values, "lookup_url", listing.lookup_url);
  set(values, "delist_url", listing.delist_url);
  return values;
}

object group_values(const Group& group, std::size_t index) {
  Severity worst = Severity::kInfo;
  for (const Finding* finding : group.findings) worst = std::max(worst, finding->severity);
  object values;
  set(values, "index", std::to_string(index));
  set(values, "name", group.name);
  set(values, "domains", joined(group.domains));
  set(values, "count", grouped(group.findings.size()));
  set(values, "worst", std::string(name_of(worst)));
  set(values, "worst_index", index_of(worst));
  set(values, "top_rank", std::to_string(group.top_rank()));
  return values;
}

object sender_values(const Sender& sender) {
  object values;
  set(values, "who", sender.script      ? *sender.script
                     : sender.directory ? *sender.directory
                     : sender.account   ? *sender.account
                                        : fmt::format("uid {}", sender.uid.value_or(0)));
  set(values, "messages", grouped(sender.evidence.messages));
  set(values, "recipients", grouped(sender.evidence.recipients));
  set(values, "null_sender", grouped(sender.evidence.null_sender));
  set(values, "bounces", grouped(sender.bounces_caused));
  set(values, "first", sender.evidence.first ? format_time(*sender.evidence.first) : "");
  set(values, "last", sender.evidence.last ? format_time(*sender.evidence.last) : "");
  return values;
}

object audit_values(const AuditNote& note) {
  object values;
  set(values, "severity", std::string(name_of(note.severity)));
  set(values, "severity_index", index_of(note.severity));
  set(values, "setting", note.setting);
  set(values, "value", note.value);
  set(values, "place", place_text(note.file, note.line, 0));
  set(values, "why", note.why);
  set(values, "fix", note.fix);
  return values;
}

object error_values(const ErrorRecord* error) {
  object values;
  set(values, "stage", std::string(name_of(error->stage)));
  set(values, "path", error->path);
  set(values, "reason", error->reason);
  return values;
}

void set_errors(const ScanResult& result, object& values) {
  std::vector<const ErrorRecord*> errors;
  for (const ErrorRecord& error : result.errors)
    if (!error.is_note) errors.push_back(&error);
  const std::size_t more = errors.size() > kErrorsShown ? errors.size() - kErrorsShown : 0;
  errors.resize(errors.size() - more);
  set_list(values, "errors", "has_errors", errors, error_values);
  set(values, "more_errors", more > 0 ? grouped(more) : "");
}

std::string counts_text(const std::map<std::string, std::uint64_t>& counts) {
  std::vector<std::string> parts;
  for (const auto& [name, count] : counts) parts.push_back(fmt::format("{} {}", grouped(count), name));
  return joined(parts);
}

void set_status(const ScanResult& result, object& values) {
  const ListingOverview overview = overview_of(result.listings);
  set(values, "status", !overview.listed.empty()                                   ? "listed"
                        : overview.answered() > 0 && overview.not_checked.empty() ? "clear"
                                                                                   : "unknown");
  set(values, "headline", listing_headline(result));
  set(values, "seen", result.scan.seen ? format_time(*result.scan.seen) : "");
  set(values, "findings_line", severity_counts(result.summary));
  set(values, "incomplete",
      result.summary.is_complete ? "" : joined(result.summary.incomplete_reasons, "; "));
  set_list(values, "listed", nullptr, overview.listed,
           [](const Listing* listing) { return listing_values(*listing); });
  set_list(values, "advice", "has_advice", result.summary.advice, text_object);
}

void set_summary(const ScanResult& result, object& values) {
  const Summary& summary = result.summary;
  const Counts& counts = summary.counts;
  set(values, "files", fmt::format("{} seen, {} scanned ({}), {} in part, {} unchanged",
                                   grouped(counts.files_seen), grouped(counts.files_scanned),
                                   bytes_text(counts.bytes_scanned), grouped(counts.files_partial),
                                   grouped(counts.files_unchanged)));
  set(values, "skipped", counts_text(counts.skipped));
  set(values, "classes", counts_text(summary.by_class));
  set(values, "suppressed", counts_text(summary.suppressed));
  set(values, "rules", fmt::format("{} ({})", result.scan.rules, summary.rules_version));
}

}  // namespace

void render_html(const ScanResult& result, Sink& sink) {
  const std::vector<Group> groups = group_findings(result);
  object values;
  set(values, "host", result.scan.host);
  set(values, "started", format_time(result.scan.started));
  set(values, "targets", joined(result.scan.roots));
  set(values, "version", result.scan.tool_version);
  set_status(result, values);
  list group_list;
  for (std::size_t i = 0; i < groups.size(); ++i)
    group_list.push_back(data(group_values(groups[i], i)));
  values["many"] = flag(result.findings.size() > kMany);
  values["has_groups"] = flag(!groups.empty());
  values["groups"] = data(std::move(group_list));
  set(values, "findings", render_groups(groups));
  set_list(values, "senders", "has_senders", result.senders, sender_values);
  set_list(values, "audit", "has_audit", result.audit, audit_values);
  set_list(values, "listings", "has_listings", result.listings, listing_values);
  set_errors(result, values);
  set_summary(result, values);
  set(values, "style", std::string(html::kStyle));
  set(values, "style_hash", csp_hash(html::kStyle));
  set(values, "script", std::string(html::kScript));
  set(values, "script_hash", csp_hash(html::kScript));
  Template(html::kPage).render(values, sink.text());
}

}  // namespace backscan::report

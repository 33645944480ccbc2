// The page itself: its head with the policy, what comes first, and the order of the rest.
#include "report/html_report.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/words.h"
#include "model/time_text.h"
#include "report/group.h"
#include "report/html_assets.h"
#include "report/html_evidence.h"
#include "report/html_findings.h"
#include "report/html_template.h"

namespace backscan::report {
namespace {

using mustache::data;
using mustache::list;
using mustache::object;

/// From here on what is out of sight is not laid out; below, whole pages can be printed and pictured.
constexpr std::size_t kMany = 50;
constexpr std::size_t kErrorsInHtml = 200;

std::string csp_hash(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  ::SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return base64_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
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
  const std::size_t more = errors.size() > kErrorsInHtml ? errors.size() - kErrorsInHtml : 0;
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
  set_evidence(result, values);
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

// In the order in which a person needs it: listed or not, what to do, what was found, what was not
// looked at; and last, where a terminal ends up, the summary.
#include "report/text_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "base/text.h"
#include "report/group.h"
#include "report/text_page.h"
#include "base/words.h"
#include "model/time_text.h"

namespace backscan::report {
namespace {

// More files than this, or more of one file, and the page gets long; the rest is one line each.
// --verbose shows all in full.
constexpr std::size_t kDetailedFiles = 25;
constexpr std::size_t kFurtherOfFile = 5;  // rules
constexpr std::size_t kHostsShown = 10;
constexpr std::size_t kErrorsInText = 20;
constexpr std::size_t kSendersShown = 10;

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

void write_listing(const Listing& listing, TextPage& page) {
  page.indent(2).put(listing.ip, Style::kBoldRed).put("  ").put(listing.name, Style::kBold);
  page.put(fmt::format("  {}", listing.zone));
  if (!listing.codes.empty()) page.put(fmt::format("  code {}", joined(listing.codes)));
  page.end_line();
  constexpr std::size_t kLabel = 10;
  page.paragraph(4, "Means", kLabel, joined(listing.meaning, "; "));
  if (listing.scope != ListingScope::kAddress)
    page.paragraph(4, "Scope", kLabel,
                   fmt::format("the whole {}, not only this address", name_of(listing.scope)));
  for (const std::string& text : listing.text) page.paragraph(4, "They say", kLabel, text);
  page.paragraph(4, "Ends", kLabel, listing.expires_estimate);
  page.paragraph(4, "Policy", kLabel, listing.policy);
  page.paragraph(4, "Look up", kLabel, listing.lookup_url);
  page.paragraph(4, "Delist", kLabel, listing.delist_url);
  if (listing.ttl)
    page.paragraph(4, "Age", kLabel,
                   fmt::format("this answer may be up to {} old",
                               counted(static_cast<std::uint64_t>(std::max<std::int64_t>(
                                           listing.ttl->count(), 0)),
                                       "second")));
}

void write_listings(const ScanResult& result, TextPage& page) {
  const ListingOverview overview = overview_of(result.listings);
  if (overview.listed.empty()) return;
  page.heading("LISTED", Style::kBoldRed);
  for (const Listing* listing : overview.listed) write_listing(*listing, page);
}

void write_advice(const Summary& summary, TextPage& page) {
  if (summary.advice.empty()) return;
  page.heading("WHAT TO DO");
  for (std::size_t i = 0; i < summary.advice.size(); ++i)
    page.paragraph(2, fmt::format("{}.", i + 1), 4, summary.advice[i]);
}

void write_flow(const Finding& finding, TextPage& page) {
  // Of bytes there is no way to a sink to show, but lines that are new in a vendor's file.
  const char* const label = finding.view == ViewKind::kRaw ? "New" : "Flow";
  bool is_first = true;
  for (const FlowStep& step : finding.flow) {
    const std::string line = step.line == 0 ? "" : fmt::format("line {}: ", step.line);
    page.paragraph(6, is_first ? label : "", 8, line + step.what);
    is_first = false;
  }
}

void write_finding_head(const Finding& finding, TextPage& page) {
  page.indent(2).put(fmt::format("{:<10}", upper(name_of(finding.severity))),
                     style_of(finding.severity));
  page.put(finding.title, Style::kBold).put(fmt::format("  [{}]", finding.rule), Style::kDim);
  page.end_line();
  page.indent(6).put(place_text(finding.path, finding.line, finding.column));
  page.end_line();
}

void write_finding(const Finding& finding, TextPage& page) {
  constexpr std::size_t kLabel = 8;
  write_finding_head(finding, page);
  if (!finding.excerpt.empty()) {
    page.indent(6).put("| ", Style::kDim).put(finding.excerpt, Style::kYellow);
    page.end_line();
  }
  page.paragraph(6, "Why", kLabel, finding.message);
  if (!finding.layers.empty())
    page.paragraph(6, "Inside", kLabel, joined(finding.layers, " > "));
  write_flow(finding, page);
  page.paragraph(6, "Do", kLabel, finding.remedy);
  page.paragraph(6, "Hosts", kLabel, joined_first(finding.hosts, kHostsShown));
  std::string rank = fmt::format("{} of 100, confidence {}", finding.rank,
                                 name_of(finding.confidence));
  if (!finding.rank_reasons.empty()) rank += ": " + joined(finding.rank_reasons, "; ");
  page.paragraph(6, "Rank", kLabel, rank);
}

/// What the file's findings in full do not say: a line for each rule.
void write_further(const std::vector<FileFindings>& rules, TextPage& page) {
  const char* label = "Also";
  for (const FileFindings& findings : rules | std::views::take(kFurtherOfFile)) {
    const Finding& finding = *findings.front();
    const std::string lines = lines_text(findings);
    page.paragraph(6, label, 8,
                   fmt::format("{}{}{} [{}], {}, confidence {}", lines, lines.empty() ? "" : ": ",
                               finding.title, finding.rule, name_of(finding.severity),
                               name_of(finding.confidence)));
    label = "";
  }
  if (rules.size() > kFurtherOfFile)
    page.paragraph(6, "", 8,
                   fmt::format("and {}", counted(rules.size() - kFurtherOfFile, "more rule")));
}

/// False if not every finding of the file was written in full.
bool write_file(const FileFindings& findings, bool is_verbose, TextPage& page) {
  const FileDigest digest = digest_of(findings, is_verbose);
  for (const Finding* finding : digest.full) write_finding(*finding, page);
  write_further(digest.further, page);
  return digest.further.empty();
}

void write_compact_file(const FileFindings& findings, TextPage& page) {
  const Finding& finding = *findings.front();
  page.indent(2).put(fmt::format("{:<10}", upper(name_of(finding.severity))),
                     style_of(finding.severity));
  page.put(fmt::format("{:>3}  ", finding.rank));
  page.put(place_text(finding.path, finding.line, finding.column)).put("  ");
  page.put(finding.rule, Style::kDim);
  if (findings.size() > 1)
    page.put(fmt::format("  and {} more", grouped(findings.size() - 1)), Style::kDim);
  page.end_line();
}

void write_group_heading(const Group& group, std::size_t files, TextPage& page) {
  std::string heading = group.name;
  if (!group.domains.empty()) heading += fmt::format(" ({})", joined(group.domains));
  if (group.is_account && !group.roots.empty())
    heading += fmt::format(", {}", joined(group.roots));
  page.heading(fmt::format("{}: {}", heading, findings_text(group, files)));
}

/// False if not every finding was written in full.
bool write_findings(const ScanResult& result, const RenderOptions& options, TextPage& page) {
  const std::vector<Group> groups = group_findings(result);
  std::vector<std::vector<FileFindings>> files;
  // Which files get the room: the likeliest of all groups, not the first group's.
  std::vector<const Finding*> ranked;
  for (const Group& group : groups) {
    files.push_back(files_of(group));
    for (const FileFindings& file : files.back()) ranked.push_back(file.front());
  }
  std::ranges::stable_sort(ranked, std::ranges::greater{}, &Finding::rank);
  if (!options.verbose && ranked.size() > kDetailedFiles) ranked.resize(kDetailedFiles);
  std::ranges::sort(ranked);
  bool is_full = true;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    write_group_heading(groups[i], files[i].size(), page);
    for (const FileFindings& file : files[i]) {
      if (std::ranges::binary_search(ranked, file.front())) {
        is_full = write_file(file, options.verbose, page) && is_full;
      } else {
        write_compact_file(file, page);
        is_full = false;
      }
    }
  }
  return is_full;
}

std::string who_is(const Sender& sender) {
  if (sender.script) return *sender.script;
  if (sender.directory) return *sender.directory + "/ (script unknown)";
  if (sender.account) return fmt::format("account {} (script unknown)", *sender.account);
  return sender.uid ? fmt::format("uid {} (script unknown)", *sender.uid) : "unknown";
}

/// "web1.example: " in a merged result.
std::string host_prefix(const std::string& host) { return host.empty() ? "" : host + ": "; }

void write_sender(const Sender& sender, TextPage& page) {
  page.indent(2).put(host_prefix(sender.host)).put(who_is(sender), Style::kBold);
  page.end_line();
  const Evidence& evidence = sender.evidence;
  std::string line = fmt::format("{} to {}", counted(evidence.messages, "message"),
                                 counted(evidence.recipients, "recipient"));
  if (sender.bounces_caused > 0) line += fmt::format(", {} came back", grouped(sender.bounces_caused));
  if (evidence.null_sender > 0)
    line += fmt::format(", {} without a sender", grouped(evidence.null_sender));
  if (evidence.since_listing)
    line += fmt::format(", {} since the listing's time", grouped(*evidence.since_listing));
  if (evidence.first && evidence.last)
    line += fmt::format("; {} to {}", format_time(*evidence.first), format_time(*evidence.last));
  page.paragraph(6, "", 0, line);
  std::string known = fmt::format("known by: {}", name_of(sender.attribution));
  if (sender.account && (sender.script || sender.directory))
    known += fmt::format(", account {}", *sender.account);
  if (sender.is_eval) known += ", code made at run time";
  if (!sender.forged_senders.empty())
    known += fmt::format(", sender forged as {}", joined(sender.forged_senders));
  page.paragraph(6, "", 0, known, Style::kDim);
}

void write_senders(const ScanResult& result, const RenderOptions& options, TextPage& page) {
  if (result.senders.empty()) return;
  page.heading("WHO SENT");
  const std::size_t limit = options.verbose ? result.senders.size() : kSendersShown;
  for (const Sender& sender : result.senders | std::views::take(limit)) write_sender(sender, page);
  if (result.senders.size() > limit)
    page.paragraph(2, "", 0, fmt::format("and {} more; --verbose or the json format shows them",
                                         grouped(result.senders.size() - limit)));
}

/// What the mail server itself sent to strangers.
void write_backscatter(const ScanResult& result, TextPage& page) {
  if (!result.mail || result.mail->backscatter.empty()) return;
  page.heading("BACKSCATTER");
  for (const BackscatterCluster& cluster : result.mail->backscatter) {
    page.indent(2).put(host_prefix(cluster.host));
    page.put(fmt::format("{:<16}", name_of(cluster.reason)), Style::kBold);
    page.put(fmt::format("{}, {} to {}", counted(cluster.messages, "message"),
                         format_time(cluster.first), format_time(cluster.last)));
    page.end_line();
    if (!cluster.sample_id.empty())
      page.paragraph(6, "", 0,
                     fmt::format("for example {}, answering {}, to {}", cluster.sample_id,
                                 cluster.sample_parent, cluster.sample_recipient));
    page.paragraph(6, "", 0, cluster.sample_words, Style::kDim);
  }
}

void write_audit(const std::vector<AuditNote>& audit, TextPage& page) {
  if (audit.empty()) return;
  page.heading("SETTINGS");
  for (const AuditNote& note : audit) {
    page.indent(2).put(fmt::format("{:<10}", upper(name_of(note.severity))),
                       style_of(note.severity));
    page.put(fmt::format("{} = {}", note.setting, note.value), Style::kBold);
    page.put(fmt::format("  [{}]", note.rule), Style::kDim);
    page.end_line();
    page.indent(6).put(host_prefix(note.host)).put(place_text(note.file, note.line, 0));
    page.end_line();
    page.paragraph(6, "Why", 8, note.why);
    page.paragraph(6, "Do", 8, note.fix);
  }
}

/// The runs before, so that a clean-up shows: what came back first, then one line a run.
void write_history(const ScanResult& result, TextPage& page) {
  if (!result.history) return;
  const RunHistory& history = *result.history;
  if (!history.came_back.empty()) page.heading("CAME BACK", Style::kBoldRed);
  for (const std::string& words : history.came_back) page.paragraph(2, "", 0, words);
  if (!history.ended.empty()) page.heading("GONE SINCE THE RUN BEFORE");
  for (const std::string& words : history.ended) page.paragraph(2, "", 0, words);
  if (history.runs.size() < 2) return;
  page.heading("RUNS");
  constexpr std::size_t kRunsShown = 10;
  const std::size_t first = history.runs.size() - std::min(history.runs.size(), kRunsShown);
  for (const PastRun& run : history.runs | std::views::drop(first)) {
    page.indent(2).put(format_time(run.started));
    page.put(fmt::format("  {}, {}", counted(run.findings, "finding"),
                         counted(run.listings, "listing")));
    if (run.submitted + run.null_sender > 0)
      page.put(fmt::format(", {} left, {} without a sender", counted(run.submitted, "message"),
                           grouped(run.null_sender)));
    if (!run.is_complete) page.put("  (incomplete)", Style::kYellow);
    page.end_line();
  }
}

void write_errors(const ScanResult& result, const RenderOptions& options, TextPage& page) {
  std::vector<const ErrorRecord*> shown;
  for (const ErrorRecord& error : result.errors)
    if (!error.is_note || options.verbose) shown.push_back(&error);
  if (shown.empty()) return;
  page.heading("NOT SCANNED", Style::kYellow);
  const std::size_t limit = options.verbose ? shown.size() : kErrorsInText;
  for (const ErrorRecord* error : shown | std::views::take(limit)) {
    page.indent(2).put(fmt::format("{:<7}", name_of(error->stage)), Style::kDim);
    page.put(fmt::format("{}: {}", error->path, error->reason));
    page.end_line();
  }
  if (shown.size() > limit)
    page.paragraph(2, "", 0, fmt::format("and {} more; --verbose or the json format shows them",
                                         grouped(shown.size() - limit)));
}

std::string files_line(const Counts& counts) {
  std::string line =
      fmt::format("{} seen, {} scanned ({})", counted(counts.files_seen, "file"),
                  grouped(counts.files_scanned), bytes_text(counts.bytes_scanned));
  if (counts.files_partial > 0) line += fmt::format(", {} in part", grouped(counts.files_partial));
  if (counts.files_unchanged > 0)
    line += fmt::format(", {} unchanged", grouped(counts.files_unchanged));
  std::vector<std::string> skipped;
  for (const auto& [reason, count] : counts.skipped)
    skipped.push_back(fmt::format("{} {}", grouped(count), reason));
  if (!skipped.empty()) line += fmt::format("; skipped: {}", joined(skipped));
  return line;
}

std::string counts_line(const std::map<std::string, std::uint64_t>& counts) {
  std::vector<std::string> parts;
  for (const auto& [name, count] : counts)
    parts.push_back(fmt::format("{} {}", grouped(count), name));
  return joined(parts);
}

std::string unasked_line(const ListingOverview& overview) {
  std::map<std::string, std::uint64_t> zones;
  for (const Listing* listing : overview.not_checked)
    ++zones[fmt::format("{} ({})", listing->name.empty() ? listing->zone : listing->name,
                        name_of(listing->reason))];
  std::vector<std::string> parts;
  for (const auto& [zone, count] : zones) parts.push_back(zone);
  return joined(parts);
}

void write_summary(const ScanResult& result, const RenderOptions& options, bool is_full,
                   TextPage& page) {
  const Summary& summary = result.summary;
  const ListingOverview overview = overview_of(result.listings);
  constexpr std::size_t kLabel = 12;
  page.heading("SUMMARY");
  page.paragraph(2, "Scanned", kLabel, files_line(summary.counts));
  page.paragraph(2, "Findings", kLabel,
                 severity_counts(summary) + (is_full ? "" : "; --verbose shows each in full"));
  page.paragraph(2, "Classes", kLabel, counts_line(summary.by_class));
  page.paragraph(2, "Left out", kLabel, counts_line(summary.suppressed));
  page.paragraph(2, "DNSBL", kLabel, listing_headline(result),
                 overview.listed.empty() ? Style::kPlain : Style::kBoldRed);
  page.paragraph(2, "Not asked", kLabel, unasked_line(overview));
  if (!overview.informational.empty()) {
    std::vector<std::string> zones;
    for (const Listing* listing : overview.informational)
      zones.push_back(fmt::format("{} on {}", listing->ip, listing->name));
    page.paragraph(2, "For info", kLabel, joined(zones));
  }
  if (!summary.is_complete)
    page.paragraph(2, "Incomplete", kLabel, joined(summary.incomplete_reasons, "; "),
                   Style::kYellow);
  const auto notes = static_cast<std::uint64_t>(
      std::ranges::count(result.errors, true, &ErrorRecord::is_note));
  if (notes > 0 && !options.verbose)
    page.paragraph(2, "Notes", kLabel, fmt::format("{}; --verbose shows them", grouped(notes)));
}

}  // namespace

void render_text(const ScanResult& result, const RenderOptions& options, Sink& sink) {
  TextPage page(sink, options.color, static_cast<std::size_t>(std::max(options.width, 40)));
  write_listings(result, page);
  if (!options.quiet) write_advice(result.summary, page);
  const bool is_full = write_findings(result, options, page);
  write_senders(result, options, page);
  write_backscatter(result, page);
  write_audit(result.audit, page);
  write_history(result, page);
  write_errors(result, options, page);
  if (!options.quiet) write_summary(result, options, is_full, page);
}

}  // namespace backscan::report

// The words of `backscan blacklist`: what matters first.
#include "cli/blacklist_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "base/words.h"
#include "report/text_page.h"

namespace backscan::cli {
namespace {

using report::Style;
using report::TextPage;

constexpr std::size_t kLabel = 12;
constexpr std::size_t kWidth = 100;
constexpr std::array<std::string_view, 4> kStatusNames = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
constexpr std::array<Style, 4> kStatusStyles = {Style::kGreen, Style::kYellow, Style::kBoldRed,
                                                Style::kYellow};

/// A pipe in text from elsewhere would start performance data in the monitoring's eyes.
std::string without_pipes(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("¦") : std::string(1, c);
  return out;
}

std::string why_not_checked(NotChecked reason) {
  switch (reason) {
    case NotChecked::kWildcard:
      return "every address is listed, even 127.0.0.1; shut down or broken, so its answers mean "
             "nothing";
    case NotChecked::kParked:
      return "addresses instead of codes; a parked domain, or a resolver that invents answers";
    case NotChecked::kRefused:
      return "refused; ask through a resolver of your own (--nameserver), or register with the "
             "list";
    case NotChecked::kEmpty:
      return "no test entry; shut down, empty, or hiding its data from this resolver";
    case NotChecked::kUnreachable:
      return "no answer";
    case NotChecked::kNeedsKey:
      return "a key is needed; put `zone:` and `key:` into a file and give it with --add-zones";
    case NotChecked::kNone:
      break;
  }
  return "not asked before the run ended";
}

std::string cause_words(const std::vector<Cause>& causes) {
  std::vector<std::string> words;
  for (const Cause cause : causes) {
    switch (cause) {
      case Cause::kSpam:
        words.emplace_back("spam");
        break;
      case Cause::kBounce:
        words.emplace_back("misdirected bounces");
        break;
      case Cause::kAutoreply:
        words.emplace_back("misdirected auto-replies");
        break;
      case Cause::kCallout:
        words.emplace_back("sender callouts");
        break;
      case Cause::kNone:
        break;
    }
  }
  return joined(words);
}

using Rows = std::vector<const Listing*>;

Rows rows_where(const dnsbl::CheckResult& result, ListingState state, bool is_informational) {
  Rows rows;
  for (const Listing& row : result.listings)
    if (row.state == state && row.is_informational == is_informational) rows.push_back(&row);
  return rows;
}

/// "192.0.2.25 on Backscatterer, SpamCop; 192.0.2.26 on …", at most three names an address.
std::string who_is_where(const Rows& rows) {
  std::map<std::string, std::vector<std::string>> lists;
  for (const Listing* row : rows) lists[row->ip].push_back(row->name);
  std::vector<std::string> parts;
  for (auto& [ip, names] : lists) {
    const std::size_t more = names.size() > 3 ? names.size() - 3 : 0;
    names.resize(names.size() - more);
    std::string part = ip + " on " + joined(names);
    if (more > 0) part += fmt::format(" and {} more", more);
    parts.push_back(std::move(part));
  }
  return joined(parts, "; ");
}

std::string verdict_words(const dnsbl::CheckResult& result, const BlacklistTally& tally, int code) {
  const std::string answered =
      fmt::format("{} of {} answered", tally.answered, counted(tally.lists, "list"));
  if (code == 2)
    return "listed: " + who_is_where(rows_where(result, ListingState::kListed, false)) + " (" +
           answered + ")";
  if (tally.has_errors)
    for (const ErrorRecord& error : result.errors)
      if (!error.is_note) return error.path + ": " + error.reason;
  if (tally.rows == 0) return "no list to ask about these addresses";
  if (code == 3) return "no list answered (" + counted(tally.lists, "list") + " asked)";
  if (tally.informational > 0)
    return "for information: " + who_is_where(rows_where(result, ListingState::kListed, true)) +
           " (" + answered + ")";
  if (code == 1) return "not listed where answered, but only " + answered;
  return "not listed (" + answered + ")";
}

/// https://nagios-plugins.org/doc/guidelines.html: 'label'=value[unit];[warn];[crit];[min];[max].
std::string performance_data(const BlacklistTally& tally, std::chrono::milliseconds elapsed) {
  return fmt::format(
      "listed={};;0;0;{} informational={};0;;0;{} lists={};;;0 answered={};;;0;{} "
      "not_checked={};;;0;{} time={:.3f}s;;;0",
      tally.listed, tally.rows, tally.informational, tally.rows, tally.lists, tally.answered,
      tally.lists, tally.lists - tally.answered, tally.lists,
      static_cast<double>(elapsed.count()) / 1000);
}

void write_listed(const Listing& row, TextPage& page) {
  const Style style = row.is_informational ? Style::kYellow : Style::kBoldRed;
  page.indent(2).put(row.ip, style).put("  ").put(without_pipes(row.name), Style::kBold);
  page.put("  " + row.zone + "  code " + joined(row.codes)).end_line();
  page.paragraph(4, "Means", kLabel, without_pipes(joined(row.meaning, "; ")));
  if (row.scope != ListingScope::kAddress)
    page.paragraph(4, "Scope", kLabel,
                   row.scope == ListingScope::kNetwork
                       ? "the whole network, not only this address"
                       : "the provider's whole network (AS), not only this address");
  page.paragraph(4, "Listed for", kLabel, cause_words(row.causes));
  for (const std::string& text : row.text)
    page.paragraph(4, "They say", kLabel, without_pipes(truncate_utf8(to_utf8(text), 400)));
  page.paragraph(4, "Ends", kLabel, without_pipes(row.expires_estimate));
  page.paragraph(4, "Look up", kLabel, without_pipes(row.lookup_url));
  page.paragraph(4, "Delist", kLabel, without_pipes(row.delist_url));
  page.paragraph(4, "Policy", kLabel, without_pipes(row.policy));
  if (row.ttl)
    page.paragraph(
        4, "Freshness", kLabel,
        fmt::format("this answer may be kept for {} more: a listing that ended shows "
                    "until then",
                    counted(static_cast<std::uint64_t>(std::max<std::int64_t>(row.ttl->count(), 0)),
                            "second")));
}

void write_listed_block(std::string_view heading, const Rows& rows, TextPage& page) {
  if (rows.empty()) return;
  page.heading(heading);
  for (const Listing* row : rows) write_listed(*row, page);
}

/// Lists by reason; an address is named only where a list answered for others.
void write_not_checked(const dnsbl::CheckResult& result, TextPage& page) {
  std::map<std::string, std::size_t> asked;  // addresses, by zone
  std::map<NotChecked, std::map<std::string, std::vector<std::string>>> by_reason;
  for (const Listing& row : result.listings) {
    ++asked[row.zone];
    if (row.state == ListingState::kNotChecked) by_reason[row.reason][row.zone].push_back(row.ip);
  }
  if (by_reason.empty()) return;
  page.heading("Not checked: these say nothing about whether you are listed");
  for (const auto& [reason, zones] : by_reason) {
    std::vector<std::string> names;
    for (const auto& [zone, ips] : zones)
      names.push_back(ips.size() == asked[zone] ? zone : zone + " for " + joined(ips));
    page.paragraph(2, "", 0, joined(names) + ": " + why_not_checked(reason));
  }
}

void write_notes(const dnsbl::CheckResult& result, TextPage& page) {
  Rows noted;
  for (const Listing& row : result.listings)
    if (row.state == ListingState::kNotListed && !row.codes.empty()) noted.push_back(&row);
  if (noted.empty()) return;
  page.heading("Other marks (not listings)");
  for (const Listing* row : noted)
    page.paragraph(2, row->ip, std::max<std::size_t>(row->ip.size() + 2, 18),
                   without_pipes(row->name + ": " + joined(row->meaning, "; ")) + " (" +
                       joined(row->codes) + ")");
}

void write_not_listed(const dnsbl::CheckResult& result, bool is_verbose, TextPage& page) {
  std::map<std::string, std::vector<std::string>> clean;
  for (const Listing& row : result.listings)
    if (row.state == ListingState::kNotListed) clean[row.ip].push_back(row.name);
  if (clean.empty()) return;
  page.heading("Not listed");
  for (const auto& [ip, names] : clean) {
    std::string words = counted(names.size(), "list");
    if (is_verbose || names.size() <= 20) words += ": " + joined(names);
    page.paragraph(2, ip, std::max<std::size_t>(ip.size() + 2, 18), without_pipes(words));
  }
}

void write_errors(const dnsbl::CheckResult& result, const BlacklistPage& options, TextPage& page) {
  if (!options.relayhost.empty()) {
    page.end_line();
    page.paragraph(0, "Note:", 6,
                   without_pipes("mail leaves this host through " + options.relayhost +
                                 ": that host's addresses are the ones that receivers see"));
  }
  for (const ErrorRecord& error : result.errors)
    page.paragraph(0, error.is_note ? "Note:" : "Error:", error.is_note ? 6 : 7,
                   without_pipes(error.path + ": " + error.reason));
}

}  // namespace

std::string blacklist_text(const dnsbl::CheckResult& result, const BlacklistPage& options) {
  const BlacklistTally tally = tally_of(result);
  const int code = blacklist_exit_code(tally, options.enough_percent);
  const auto index = static_cast<std::size_t>(code);
  std::string out;
  report::Sink sink([&out](std::string_view piece) { out.append(piece); });
  TextPage page(sink, options.color, kWidth);
  page.put("BACKSCAN ").put(kStatusNames[index], kStatusStyles[index]);
  page.put(" - " + without_pipes(verdict_words(result, tally, code)) + " | " +
           performance_data(tally, options.elapsed));
  page.end_line();
  if (options.quiet) {
    sink.finish();
    return out;
  }
  write_listed_block("Listed", rows_where(result, ListingState::kListed, false), page);
  write_listed_block("For information (changes nothing you can act on)",
                     rows_where(result, ListingState::kListed, true), page);
  write_not_checked(result, page);
  write_notes(result, page);
  write_not_listed(result, options.verbose, page);
  write_errors(result, options, page);
  sink.finish();
  return out;
}

}  // namespace backscan::cli

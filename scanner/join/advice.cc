// One function a sentence.
#include "join/advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/words.h"
#include "join/rank.h"
#include "model/time_text.h"

namespace backscan::join {
namespace {

constexpr std::size_t kListingsNamed = 5;
// Below it a finding is no reason to act first.
constexpr Severity kWorthActing = Severity::kMedium;

std::string listing_text(const Listing& listing) {
  std::string text = fmt::format("{} is listed by {} ({})", listing.ip, listing.name, listing.zone);
  if (listing.scope != ListingScope::kAddress)
    text += fmt::format(" with its whole {}", name_of(listing.scope));
  if (!listing.causes.empty()) text += fmt::format(" for {}", causes_text(listing.causes));
  return text + ".";
}

void add_listings(const ListedFor& listed, std::vector<std::string>& advice) {
  for (std::size_t i = 0; i < listed.listings.size() && i < kListingsNamed; ++i)
    advice.push_back(listing_text(*listed.listings[i]));
  if (listed.listings.size() > kListingsNamed)
    advice.push_back(fmt::format("{} more are listed below.",
                                 counted(listed.listings.size() - kListingsNamed, "entry",
                                         "entries")));
}

/// The likeliest finding worth acting on that can cause one of the listings; without listings, of
/// all. `others`: how many more there are.
const Finding* likeliest(const ScanResult& result, const ListedFor& listed, std::size_t& others) {
  const Finding* best = nullptr;
  std::size_t count = 0;
  for (const Finding& finding : result.findings) {
    if (finding.severity < kWorthActing) continue;
    if (!listed.causes.empty() && listed.fitting(finding.causes) == nullptr) continue;
    ++count;
    if (best == nullptr || finding.rank > best->rank) best = &finding;
  }
  others = count > 0 ? count - 1 : 0;
  return best;
}

const AuditNote* fitting_setting(const ScanResult& result, const ListedFor& listed) {
  const AuditNote* best = nullptr;
  for (const AuditNote& note : result.audit) {
    if (note.severity < kWorthActing || listed.fitting(note.causes) == nullptr) continue;
    if (best == nullptr || note.severity > best->severity) best = &note;
  }
  return best;
}

std::string place_of(const Finding& finding) {
  return place_text(finding.path, finding.line, 0);
}

void add_finding(const Finding& finding, std::size_t others, bool is_listed,
                 std::vector<std::string>& advice) {
  std::string cause =
      fmt::format("{}: {}, {} (rank {} of 100)", is_listed ? "Likely cause" : "Look first at",
                  place_of(finding), finding.title, finding.rank);
  if (others > 0)
    cause += fmt::format("; {} {} too", counted(others, "more finding"),
                         others == 1 ? "fits" : "fit");
  advice.push_back(cause + ".");
  if (!finding.remedy.empty()) advice.push_back("First: " + finding.remedy);
}

/// Content does not explain the listing: what else sends such mail, and how to find out.
void add_unexplained(const ScanResult& result, const ListedFor& listed,
                     std::vector<std::string>& advice) {
  const char* const found = result.findings.empty()
                                ? "No scanned file explains the listing."
                                : "None of the findings explains the listing.";
  const bool is_backscatter =
      std::ranges::any_of(listed.causes, [](Cause cause) { return cause != Cause::kSpam; });
  if (const AuditNote* note = fitting_setting(result, listed)) {
    advice.push_back(fmt::format("{} Likely cause: the setting {} = {} ({}). {}", found,
                                 note->setting, note->value, place_text(note->file, note->line, 0),
                                 note->why));
    advice.push_back("First: " + note->fix);
    return;
  }
  if (is_backscatter)
    advice.push_back(fmt::format(
        "{} The mail server itself may be the cause: it accepts mail and bounces it later, answers "
        "it automatically, or calls senders back to verify them. Run \"backscan audit\" on it next.",
        found));
  else
    advice.push_back(
        fmt::format("{} Mail accounts with stolen passwords, other programs on the host and other "
                    "hosts behind this address send spam too.",
                    found));
  advice.push_back(
      is_backscatter
          ? "Look in the mail log for messages with the sender <> around the time that the list's "
            "page shows: they name the message that was bounced or answered."
          : "Look in the mail log and the queue for the account or program that sends most.");
}

std::string span_words(std::chrono::hours span) {
  constexpr std::array<std::string_view, 9> kNumbers = {"no",   "one", "two",   "three", "four",
                                                        "five", "six", "seven", "eight"};
  const auto hours = span.count();
  if (hours % (24 * 7) == 0 && hours / (24 * 7) < 9) {
    const auto weeks = static_cast<std::size_t>(hours / (24 * 7));
    return fmt::format("{} {}", kNumbers[weeks], weeks == 1 ? "week" : "weeks");
  }
  if (hours % 24 == 0) return counted(static_cast<std::uint64_t>(hours / 24), "day");
  return counted(static_cast<std::uint64_t>(hours), "hour");
}

void add_clock(const ListedFor& listed, const JoinOptions& options,
               std::vector<std::string>& advice) {
  bool any_ends = false;
  std::vector<std::string> told;
  for (const Listing* listing : listed.listings) {
    if (!listing->expires_after || std::ranges::find(told, listing->zone) != told.end()) continue;
    told.push_back(listing->zone);
    any_ends = true;
    std::string clock = fmt::format(
        "{} drops an address by itself {} after the last abuse it saw, and each new one starts "
        "that time again.",
        listing->name, span_words(*listing->expires_after));
    if (options.seen)
      clock += fmt::format(" If nothing went out after {}, the entry ends on {}.",
                           format_time(*options.seen),
                           format_date(*options.seen + *listing->expires_after));
    else
      clock += fmt::format(" If it is stopped today ({}), the entry ends by {} at the latest.",
                           format_date(options.now),
                           format_date(options.now + *listing->expires_after));
    advice.push_back(std::move(clock));
  }
  if (any_ends)
    advice.push_back(
        "Do not pay for a faster removal while the source is there: the next message lists the "
        "address again.");
}

void add_unasked(const ScanResult& result, std::vector<std::string>& advice) {
  std::size_t answered = 0;
  for (const Listing& listing : result.listings)
    if (listing.state != ListingState::kNotChecked) ++answered;
  const std::size_t unasked = result.listings.size() - answered;
  if (result.scan.is_offline) {
    advice.push_back(
        "The blacklists were not asked (offline), so whether the server is listed is unknown.");
  } else if (result.scan.ips.empty()) {
    advice.push_back(
        "The blacklists were not asked, because no public address of this host is known: give it "
        "with --ip. Whether the server is listed is unknown.");
  } else if (answered == 0) {
    advice.push_back(
        "No blacklist could be asked, so whether the server is listed is unknown. Use a resolver "
        "of your own: public ones are refused by the lists (--nameserver).");
  } else if (unasked > 0) {
    advice.push_back(fmt::format(
        "{} of {} blacklist checks could not be made; for those the server's state is unknown.",
        grouped(unasked), grouped(result.listings.size())));
  }
}

}  // namespace

std::vector<std::string> advise(const ScanResult& result, const JoinOptions& options) {
  std::vector<std::string> advice;
  const ListedFor listed = listed_for(result.listings);
  const bool is_listed = !listed.listings.empty();
  add_listings(listed, advice);
  std::size_t others = 0;
  if (const Finding* finding = likeliest(result, listed, others))
    add_finding(*finding, others, is_listed, advice);
  else if (is_listed)
    add_unexplained(result, listed, advice);
  add_clock(listed, options, advice);
  add_unasked(result, advice);
  return advice;
}

}  // namespace backscan::join

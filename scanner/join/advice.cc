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

// A second cause is told in full if it is proved, too, and not much less likely.
constexpr int kMuchLess = 30;
constexpr std::size_t kCausesTold = 3;

bool is_proved(const LikelyCause& cause) {
  return cause.evidence && cause.evidence->messages > 0;
}

void add_cause(const LikelyCause& cause, std::string_view lead, std::size_t others,
               std::vector<std::string>& advice) {
  std::string text;
  switch (cause.kind) {
    case CauseKind::kScript: {
      // Title first: "place, title (rank)", then what the logs show.
      const std::size_t end = cause.proof.find(". ");
      text = fmt::format("{}: {}, {} (rank {} of 100)", lead, cause.subject,
                         cause.proof.substr(0, end), cause.rank);
      if (others > 0)
        text += fmt::format("; {} {} too", counted(others, "more cause"),
                            others == 1 ? "fits" : "fit");
      text += ".";
      if (end != std::string::npos) text += cause.proof.substr(end + 1);
      break;
    }
    case CauseKind::kMailServer: text = fmt::format("{}: the mail server. {}", lead, cause.proof); break;
    case CauseKind::kElsewhere: text = "Likely not a file or setting of this host. " + cause.proof; break;
    case CauseKind::kSender:
    case CauseKind::kSetting: text = fmt::format("{}: {}. {}", lead, cause.subject, cause.proof); break;
  }
  advice.push_back(std::move(text));
  if (!cause.remedy.empty()) advice.push_back("First: " + cause.remedy);
}

/// False where there is nothing to tell.
bool add_causes(const ScanResult& result, bool is_listed, std::vector<std::string>& advice) {
  const std::vector<LikelyCause>& causes = result.summary.causes;
  if (causes.empty()) return false;
  std::vector<const LikelyCause*> told = {&causes[0]};
  for (std::size_t i = 1; i < causes.size() && told.size() < kCausesTold; ++i) {
    const bool is_as_good = is_proved(causes[i]) && causes[i].rank + kMuchLess >= causes[0].rank;
    if (is_as_good && is_proved(causes[0])) told.push_back(&causes[i]);
  }
  const std::size_t others = causes.size() - told.size();
  const std::string_view lead = !is_listed         ? "Look first at"
                                : told.size() > 1 ? "One of several causes"
                                                  : "Likely cause";
  for (std::size_t i = 0; i < told.size(); ++i)
    add_cause(*told[i], i == 0 ? lead : "Also a cause", i == 0 ? others : 0, advice);
  return true;
}

/// Content does not explain the listing: what else sends such mail, and how to find out.
void add_unexplained(const ScanResult& result, const ListedFor& listed,
                     std::vector<std::string>& advice) {
  const char* const found = result.findings.empty()
                                ? "No scanned file explains the listing."
                                : "None of the findings explains the listing.";
  const bool is_backscatter =
      std::ranges::any_of(listed.causes, [](Cause cause) { return cause != Cause::kSpam; });
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

/// When the last mail that the listing can be for left: by the logs, and by the list's own page.
std::optional<Time> last_abuse(const ScanResult& result, const Listing& listing,
                               const JoinOptions& options) {
  std::optional<Time> last = options.seen;
  const auto take = [&](const std::optional<Time>& time) {
    if (time && (!last || *time > *last)) last = time;
  };
  const auto is_for = [&](Cause cause) {
    return std::ranges::find(listing.causes, cause) != listing.causes.end();
  };
  if (result.mail && !is_for(Cause::kSpam)) take(result.mail->last_null_sender);
  for (const LikelyCause& cause : result.summary.causes)
    if (cause.evidence && std::ranges::any_of(cause.causes, is_for)) take(cause.evidence->last);
  return last;
}

/// When one entry ends, and whether it can end at all while things are as they are.
std::string clock_text(const ScanResult& result, const Listing& listing,
                       const JoinOptions& options) {
  std::string clock = fmt::format(
      "{} drops an address by itself {} after the last abuse it saw, and each new one starts "
      "that time again.",
      listing.name, span_words(*listing.expires_after));
  const std::optional<Time> last = last_abuse(result, listing, options);
  if (!last)
    return clock + fmt::format(" If it is stopped today ({}), the entry ends by {} at the latest.",
                               format_date(options.now),
                               format_date(options.now + *listing.expires_after));
  if (!options.seen || *last > *options.seen)
    clock += fmt::format(" In the logs the last of that kind is of {}{}.", format_time(*last),
                         options.seen ? ", after the listing's time: it goes on" : "");
  return clock + fmt::format(" If nothing went out after {}, the entry ends on {}.",
                             format_time(*last), format_date(*last + *listing.expires_after));
}

void add_clock(const ScanResult& result, const ListedFor& listed, const JoinOptions& options,
               std::vector<std::string>& advice) {
  std::vector<std::string> told;
  for (const Listing* listing : listed.listings) {
    if (!listing->expires_after || std::ranges::find(told, listing->zone) != told.end()) continue;
    told.push_back(listing->zone);
    advice.push_back(clock_text(result, *listing, options));
  }
  if (!told.empty())
    advice.push_back(
        "Do not pay for a faster removal while the source is there: the next message lists the "
        "address again.");
}

/// Which lists receivers really use against us, whatever the lists themselves say.
void add_refusals(const ScanResult& result, std::vector<std::string>& advice) {
  if (!result.mail || result.mail->refusals.empty()) return;
  const RefusalByList& worst = result.mail->refusals.front();
  std::string text =
      fmt::format("Other servers refused {} because of {}, last on {}",
                  counted(worst.count, "message"), worst.list, format_time(worst.last));
  if (const std::size_t others = result.mail->refusals.size() - 1; others > 0)
    text += fmt::format(", and more because of {}", counted(others, "other list"));
  advice.push_back(text + ".");
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
  if (!add_causes(result, is_listed, advice) && is_listed) add_unexplained(result, listed, advice);
  add_clock(result, listed, options, advice);
  add_refusals(result, advice);
  add_unasked(result, advice);
  return advice;
}

}  // namespace backscan::join

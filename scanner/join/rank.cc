// Points, not probabilities: the order they give is what matters. Severity times confidence gives up
// to 62, so that a critical finding without evidence stays below one that is seen sending.
#include "join/rank.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/words.h"

namespace backscan::join {
namespace {

constexpr std::array<double, 5> kSeverityPoints = {4, 12, 30, 50, 62};
constexpr std::array<double, 3> kConfidenceFactor = {0.55, 0.8, 1.0};
constexpr double kMaxVolumePoints = 20;
constexpr double kMaxNullSenderPoints = 10;
// What logs do not show is less likely, but logs have gaps.
constexpr double kNotInLogsPoints = -8;
constexpr double kNoNullSenderPoints = -12;
constexpr double kMaxTimePoints = 10;
// Mailers are used within days of their upload; before that a change says little.
constexpr std::chrono::hours kSuspectSpan = std::chrono::days{14};

bool contains(const std::vector<Cause>& causes, Cause cause) {
  return std::ranges::find(causes, cause) != causes.end();
}

std::string span_text(std::chrono::nanoseconds span) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(span).count();
  const auto count = [](std::int64_t n) { return static_cast<std::uint64_t>(n); };
  if (minutes < 120) return counted(count(minutes), "minute");
  if (minutes < 48 * 60) return counted(count(minutes / 60), "hour");
  return counted(count(minutes / (24 * 60)), "day");
}

struct Score {
  double points = 0;
  std::vector<std::string> reasons;

  void add(double more, std::string reason) {
    points += more;
    reasons.push_back(std::move(reason));
  }
};

void score_fit(const Finding& finding, const ListedFor& listed, Score& score) {
  // A list whose data names no causes says nothing about the fit.
  if (listed.causes.empty()) return;
  if (const Listing* fit = listed.fitting(finding.causes)) {
    std::vector<Cause> shared;
    std::ranges::copy_if(finding.causes, std::back_inserter(shared),
                         [&](Cause cause) { return contains(fit->causes, cause); });
    return score.add(kFitPoints,
                     fmt::format("can cause what {} lists for ({})", fit->name, causes_text(shared)));
  }
  score.points *= kMisfitFactor;
  score.reasons.push_back(fmt::format("the listing is for {}, which this does not cause",
                                      causes_text(listed.causes)));
}

/// How much of the evidence counts, by what ties it to the file.
double trust_in(Attribution how) {
  if (how <= Attribution::kCwdAndScript) return 1.0;
  return how == Attribution::kDirectory ? 0.8 : 0.6;
}

/// One of several files of a directory or an account that sent.
void score_shared(const std::vector<SenderMatch>& senders, Score& score) {
  for (const SenderMatch& match : senders) {
    if (match.files < 2) continue;
    const bool is_directory = match.how == Attribution::kDirectory;
    score.add(0.4 * volume_points(match.sender->evidence.messages),
              fmt::format("one of {} of the {} that sent {}", counted(match.files, "file"),
                          is_directory ? "directory" : "account",
                          counted(match.sender->evidence.messages, "message")));
    return;
  }
}

/// Whether the listing can only be of answers, which the finding's own messages are not.
bool needs_null_sender(const Finding& finding, const ListedFor& listed) {
  return is_backscatter_only(listed) && contains(finding.causes, Cause::kBounce) &&
         !contains(finding.causes, Cause::kAutoreply) && !contains(finding.causes, Cause::kCallout);
}

void score_evidence(const Finding& finding, const ListedFor& listed,
                    const std::vector<SenderMatch>& senders, Score& score) {
  if (!finding.evidence) return score_shared(senders, score);
  const Evidence& evidence = *finding.evidence;
  if (evidence.messages == 0)
    return score.add(kNotInLogsPoints, "no message of it stands in the logs looked at");
  double trust = 1.0;
  for (const SenderMatch& match : senders) trust = std::min(trust, trust_in(match.how));
  score.add(trust * volume_points(evidence.messages),
            fmt::format("sent {}", counted(evidence.messages, "message")));
  if (trust < 1.0) score.reasons.back() += ", as its directory or owner shows";
  if (evidence.since_listing && *evidence.since_listing > 0)
    score.reasons.push_back(
        fmt::format("{} of them since the listing's time", grouped(*evidence.since_listing)));
  if (evidence.null_sender == 0) {
    if (needs_null_sender(finding, listed))
      score.add(kNoNullSenderPoints, "no answer to it went to a stranger, which is what the "
                                     "listing is for");
    return;
  }
  if (!contains(listed.causes, Cause::kBounce)) return;
  const double decades = std::log10(static_cast<double>(evidence.null_sender) + 1);
  score.add(std::min(kMaxNullSenderPoints, 4 + 2 * decades),
            fmt::format("{} without a sender because of it",
                        counted(evidence.null_sender, "message")));
}

void score_time(const Finding& finding, const JoinOptions& options, Score& score) {
  if (!options.seen || !finding.file.ctime) return;
  const auto before = *options.seen - *finding.file.ctime;
  if (before.count() < 0)
    return score.add(-6, fmt::format("changed {} after the listing's time", span_text(-before)));
  if (before > kSuspectSpan) return;
  const double closeness = 1 - static_cast<double>(before.count()) /
                                   static_cast<double>(std::chrono::nanoseconds(kSuspectSpan).count());
  score.add(2 + (kMaxTimePoints - 2) * closeness,
            fmt::format("changed {} before the listing's time", span_text(before)));
}

/// Whether others can reach or change it: where uploads land, and what anyone may write.
void score_exposure(const Finding& finding, Score& score) {
  constexpr auto kUploadPlaces = std::to_array<std::string_view>(
      {"/uploads/", "/images/", "/img/", "/cache/", "/tmp/", "/files/", "/media/", "/.well-known/"});
  std::string_view below = finding.path;
  if (below.starts_with(finding.root)) below.remove_prefix(finding.root.size());
  for (const std::string_view place : kUploadPlaces)
    if (below.find(place) != std::string_view::npos) {
      score.add(4, "lies where uploads land");
      break;
    }
  if ((finding.file.mode & 0002) != 0) score.add(2, "anyone on the host may write to it");
}

}  // namespace

const Listing* ListedFor::fitting(const std::vector<Cause>& finding_causes) const {
  for (const Listing* listing : listings)
    for (const Cause cause : finding_causes)
      if (cause != Cause::kNone && contains(listing->causes, cause)) return listing;
  return nullptr;
}

ListedFor listed_for(const std::vector<Listing>& listings) {
  ListedFor listed;
  for (const Listing& listing : listings) {
    if (listing.state != ListingState::kListed || listing.is_informational) continue;
    listed.listings.push_back(&listing);
    for (const Cause cause : listing.causes)
      if (cause != Cause::kNone && !contains(listed.causes, cause)) listed.causes.push_back(cause);
  }
  std::ranges::sort(listed.causes);
  return listed;
}

double volume_points(std::uint64_t messages) {
  if (messages == 0) return 0;
  const double decades = std::log10(static_cast<double>(messages) + 1);
  return std::min(kMaxVolumePoints, 8 + 4 * decades);
}

bool is_backscatter_only(const ListedFor& listed) {
  return !listed.causes.empty() && !contains(listed.causes, Cause::kSpam);
}

void rank(Finding& finding, const ListedFor& listed, const JoinOptions& options,
          const std::vector<SenderMatch>& senders) {
  Score score;
  score.add(kSeverityPoints[static_cast<std::size_t>(finding.severity)] *
                kConfidenceFactor[static_cast<std::size_t>(finding.confidence)],
            fmt::format("{} with {} confidence", name_of(finding.severity),
                        name_of(finding.confidence)));
  score_fit(finding, listed, score);
  score_evidence(finding, listed, senders, score);
  score_time(finding, options, score);
  score_exposure(finding, score);
  finding.rank = std::clamp(static_cast<int>(std::lround(score.points)), 0, 100);
  finding.rank_reasons = std::move(score.reasons);
}

std::string causes_text(const std::vector<Cause>& causes) {
  constexpr std::array<std::string_view, 5> kWords = {"spam", "bounces", "auto-replies",
                                                      "sender callouts", "nothing"};
  std::string text;
  for (std::size_t i = 0; i < causes.size(); ++i) {
    if (i > 0) text += i + 1 == causes.size() ? " and " : ", ";
    text += kWords[static_cast<std::size_t>(causes[i])];
  }
  return text;
}

}  // namespace backscan::join

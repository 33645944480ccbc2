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
constexpr double kFitPoints = 16;
constexpr double kMisfitFactor = 0.6;
constexpr double kMaxEvidencePoints = 20;
constexpr double kMaxNullSenderPoints = 10;
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

void score_evidence(const Finding& finding, const ListedFor& listed, Score& score) {
  if (!finding.evidence) return;
  const Evidence& evidence = *finding.evidence;
  if (evidence.messages == 0) return score.add(0, "no message of it stands in the logs looked at");
  const double decades = std::log10(static_cast<double>(evidence.messages) + 1);
  score.add(std::min(kMaxEvidencePoints, 8 + 4 * decades),
            fmt::format("sent {}", counted(evidence.messages, "message")));
  if (evidence.null_sender == 0 || !contains(listed.causes, Cause::kBounce)) return;
  const double null_decades = std::log10(static_cast<double>(evidence.null_sender) + 1);
  score.add(std::min(kMaxNullSenderPoints, 4 + 2 * null_decades),
            fmt::format("{} of them without a sender", grouped(evidence.null_sender)));
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

void rank(Finding& finding, const ListedFor& listed, const JoinOptions& options) {
  Score score;
  score.add(kSeverityPoints[static_cast<std::size_t>(finding.severity)] *
                kConfidenceFactor[static_cast<std::size_t>(finding.confidence)],
            fmt::format("{} with {} confidence", name_of(finding.severity),
                        name_of(finding.confidence)));
  score_fit(finding, listed, score);
  score_evidence(finding, listed, score);
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

// How likely a finding is the cause of what the lists say: 0 to 100, with the reasons in words.
#pragma once

#include <vector>

#include "join/attach.h"
#include "join/join.h"

namespace backscan::join {

/// What the lists that count say, in the form that ranks and advice need.
struct ListedFor {
  std::vector<const Listing*> listings;  // listed, not informational
  std::vector<Cause> causes;             // of all of them, each once

  /// The first listing that lists for one of `causes`; null if none does.
  [[nodiscard]] const Listing* fitting(const std::vector<Cause>& finding_causes) const;
};
[[nodiscard]] ListedFor listed_for(const std::vector<Listing>& listings);

/// Sets `rank` and `rank_reasons`; evidence must be filled in before. `senders`: those that the finding
/// may be, as match_senders() gives them.
void rank(Finding& finding, const ListedFor& listed, const JoinOptions& options,
          const std::vector<SenderMatch>& senders = {});

/// What a number of messages adds to a rank: 8 for one, 4 for each power of ten, 20 at most.
[[nodiscard]] double volume_points(std::uint64_t messages);

/// What being able to cause a listing adds, and what is left of the points of what cannot.
inline constexpr double kFitPoints = 16;
inline constexpr double kMisfitFactor = 0.6;

/// True where every cause of the listings is mail without a sender or an answer: nothing that a
/// message of a script's own is listed for.
[[nodiscard]] bool is_backscatter_only(const ListedFor& listed);

/// "bounces, auto-replies and sender callouts".
[[nodiscard]] std::string causes_text(const std::vector<Cause>& causes);

}  // namespace backscan::join

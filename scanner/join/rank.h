// How likely a finding is the cause of what the lists say: 0 to 100, with the reasons in words.
#pragma once

#include <vector>

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

/// Sets `rank` and `rank_reasons`; evidence must be filled in before.
void rank(Finding& finding, const ListedFor& listed, const JoinOptions& options);

/// "bounces, auto-replies and sender callouts".
[[nodiscard]] std::string causes_text(const std::vector<Cause>& causes);

}  // namespace backscan::join

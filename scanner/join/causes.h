// What explains the listing, likeliest first: scripts, senders, the mail server, a setting, or nothing
// here. As data; advice.cc puts it into words.
#pragma once

#include <vector>

#include "join/attach.h"
#include "join/rank.h"

namespace backscan::join {

/// Needs ranked findings. Where something is listed for known causes, only what can cause them counts.
[[nodiscard]] std::vector<LikelyCause> likely_causes(const ScanResult& result,
                                                     const ListedFor& listed,
                                                     const SenderMatches& matches,
                                                     const JoinOptions& options);

/// What a message made for that reason is, in the words of the lists.
[[nodiscard]] Cause cause_of(BackscatterReason reason);

}  // namespace backscan::join

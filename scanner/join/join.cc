// The order of the meeting: ranks need evidence, causes need ranks, advice needs causes.
#include "join/join.h"

#include "join/advice.h"
#include "join/attach.h"
#include "join/causes.h"
#include "join/rank.h"
#include "join/unexplained.h"

namespace backscan::join {

void add_evidence(ScanResult& result, const JoinOptions& options) {
  if (!result.mail) return;
  const SenderMatches matches = match_senders(result, options);
  attach_evidence(matches, result);
  add_unexplained_senders(matches, options, result);
}

void join(ScanResult& result, const JoinOptions& options) {
  const ListedFor listed = listed_for(result.listings);
  const SenderMatches matches = match_senders(result, options);
  for (std::size_t i = 0; i < result.findings.size(); ++i)
    rank(result.findings[i], listed, options, matches.by_finding[i]);
  result.summary.causes = likely_causes(result, listed, matches, options);
  result.summary.advice = advise(result, options);
}

}  // namespace backscan::join

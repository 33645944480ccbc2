// The order of the meeting: ranks need evidence, advice needs ranks.
#include "join/join.h"

#include "join/advice.h"
#include "join/rank.h"

namespace backscan::join {

void join(ScanResult& result, const JoinOptions& options) {
  const ListedFor listed = listed_for(result.listings);
  for (Finding& finding : result.findings) rank(finding, listed, options);
  result.summary.advice = advise(result, options);
}

}  // namespace backscan::join

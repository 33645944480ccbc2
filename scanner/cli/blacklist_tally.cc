// From rows to a verdict. Its own file because monitoring hangs on exactly this.
#include <algorithm>
#include <map>

#include "cli/blacklist_text.h"
#include "cli/cli.h"

namespace backscan::cli {
namespace {

struct Share {
  std::size_t asked = 0;
  std::size_t answered = 0;
};

}  // namespace

BlacklistTally tally_of(const dnsbl::CheckResult& result) {
  BlacklistTally tally;
  std::map<std::string, Share> by_address;
  std::map<std::string, Share> by_list;
  for (const Listing& row : result.listings) {
    if (row.reason == NotChecked::kNeedsKey) continue;
    const bool is_answered = row.state != ListingState::kNotChecked;
    ++tally.rows;
    tally.answered_rows += is_answered ? 1 : 0;
    if (row.state == ListingState::kListed)
      ++(row.is_informational ? tally.informational : tally.listed);
    for (Share* share : {&by_address[row.ip], &by_list[row.zone]}) {
      ++share->asked;
      share->answered += is_answered ? 1 : 0;
    }
  }
  for (const auto& [ip, share] : by_address)
    tally.least_answered_percent =
        std::min(tally.least_answered_percent, share.answered * 100 / share.asked);
  tally.lists = by_list.size();
  tally.answered = static_cast<std::size_t>(std::ranges::count_if(
      by_list, [](const auto& entry) { return entry.second.answered == entry.second.asked; }));
  tally.has_errors =
      std::ranges::any_of(result.errors, [](const ErrorRecord& error) { return !error.is_note; });
  return tally;
}

int blacklist_exit_code(const BlacklistTally& tally, std::size_t enough_percent) {
  // Listed is listed, whatever else went wrong.
  if (tally.listed > 0) return 2;
  if (tally.has_errors || tally.answered_rows == 0) return kUnknown;
  if (tally.informational > 0 || tally.least_answered_percent < enough_percent) return 1;
  return kOk;
}

}  // namespace backscan::cli

// What is new since the last notice: the one question that decides whether anybody is told anything.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/scan_result.h"

namespace backscan::notice {

/// What recipients know: findings by fingerprint, and the lists that an address is on.
struct Known {
  std::set<std::string> findings;
  std::set<std::string> listings;  // "192.0.2.25 ips.backscatterer.org"
};

/// Hostile input is not expected (a file of our own), but errors name it.
[[nodiscard]] Result<Known> parse_known(std::string_view text, const std::string& name);
[[nodiscard]] std::string format_known(const Known& known);

struct Changes {
  std::vector<const Finding*> found;     // the likeliest cause first
  std::size_t gone = 0;                  // findings that are no more
  std::vector<const Listing*> listed;    // not on these before
  std::vector<std::string> delisted;     // "192.0.2.25 ips.backscatterer.org"
  Known known;                           // once this has been told

  [[nodiscard]] bool is_nothing() const {
    return found.empty() && gone == 0 && listed.empty() && delisted.empty();
  }
};

/// Findings below `min_severity` and informational listings are nobody's news. What an incomplete
/// scan did not see, and what a list did not answer, stays known. Pointers into `result`.
[[nodiscard]] Changes changes_since(const Known& known, const ScanResult& result,
                                    Severity min_severity);

}  // namespace backscan::notice

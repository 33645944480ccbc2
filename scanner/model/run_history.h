// What earlier runs on this host found, as --state keeps it: the time line of a report, before and
// after a clean-up.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/finding.h"

namespace backscan {

struct PastRun {
  Time started{};
  bool is_complete = true;
  std::uint64_t findings = 0;     // at medium or above
  std::uint64_t listings = 0;     // addresses on lists
  std::uint64_t submitted = 0;    // messages that left since the run before
  std::uint64_t null_sender = 0;  // of these
};

struct RunHistory {
  std::vector<PastRun> runs;            // oldest first; the last is this one
  std::vector<std::string> came_back;   // in words: findings and listings that had been gone
  std::vector<std::string> ended;       // in words: what the run before had and this has not
};

}  // namespace backscan

// What to do, in sentences and in order: what is listed, the likely cause, what to do first, when it
// ends. Apart from rank.cc because these words are what a user acts on and are reviewed as such.
#pragma once

#include <string>
#include <vector>

#include "join/join.h"

namespace backscan::join {

/// Needs ranked findings. Never says that nothing is listed where lists were not asked.
[[nodiscard]] std::vector<std::string> advise(const ScanResult& result,
                                              const JoinOptions& options);

}  // namespace backscan::join

// Where findings, senders and listings meet: evidence, rank and the words for what to do first.
#pragma once

#include <chrono>
#include <optional>

#include "model/scan_result.h"

namespace backscan::join {

struct JoinOptions {
  std::optional<Time> seen;  // a listing's timestamp, as the list's page shows it
  Time now{};
};

/// Fills `rank`, `rank_reasons` and `evidence` of every finding and `summary.advice`.
void join(ScanResult& result, const JoinOptions& options);

}  // namespace backscan::join

// The list of findings a user has accepted, by fingerprint. JSON Lines, so that it can be reviewed,
// edited and merged line by line:
//   {"type":"baseline","schema_version":1,"created":"2026-11-24T06:00:00Z"}
//   {"fingerprint":"…","rule":"…","path":"…","reason":null,"expires":null}
// Only `fingerprint` is needed; `rule` and `path` tell a person what it is; after `expires` (a date
// or time) the finding is reported again.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/error.h"
#include "model/scan_result.h"

namespace backscan::report {

struct Baseline {
  /// Fingerprint to the time until which it is accepted (none: for good).
  std::unordered_map<std::string, std::optional<Time>> accepted;
};

/// Hostile input: errors are "name:line: reason".
[[nodiscard]] Result<Baseline> read_baseline(std::istream& in, const std::string& name);

/// Why findings are accepted, and until when; empty and nothing: for good.
struct Acceptance {
  std::string reason;
  std::optional<Time> expires;
};

/// A baseline that accepts every finding of `result`, in its order, each fingerprint once.
[[nodiscard]] std::string make_baseline(const ScanResult& result, const Acceptance& acceptance = {});

/// Takes accepted findings out of `result`; counted under `summary.suppressed["baseline"]`.
void apply_baseline(const Baseline& baseline, Time now, ScanResult& result);

}  // namespace backscan::report

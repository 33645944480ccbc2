// `--diff-base`: only what is new against an earlier result, or lies in files that a git range changed.
#pragma once

#include <string>
#include <unordered_set>

#include "base/error.h"
#include "model/scan_result.h"

namespace backscan::cli {

struct DiffBase {
  std::string git_range;                         // "main...HEAD", "HEAD~3"; empty: a result
  std::unordered_set<std::string> fingerprints;  // of the earlier result
};

/// "git:RANGE", or the file of a result (json, jsonl).
[[nodiscard]] Result<DiffBase> load_diff_base(const std::string& text);

/// Leaves out what is not new, counted under `summary.suppressed["diff-base"]`. Where git cannot say
/// what changed, everything stays and the result is incomplete.
void apply_diff_base(const DiffBase& base, ScanResult& result);

}  // namespace backscan::cli

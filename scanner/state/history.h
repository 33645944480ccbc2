// What was found in earlier runs, so that a report can show before and after, and say when something
// that was gone is back. An SQLite file that only root can read: it names files and addresses.
#pragma once

#include <string>

#include "base/error.h"
#include "model/scan_result.h"

namespace backscan::state {

/// Adds this run to `directory`/history.sqlite (made if it is not there) and gives the time line of
/// the runs over the same roots of the same host, this one last. Findings count from medium up;
/// informational listings do not. What an incomplete scan did not see, or a list did not answer, is
/// not taken for gone. Errors name the file.
[[nodiscard]] Result<RunHistory> record_run(const std::string& directory, const ScanResult& result);

}  // namespace backscan::state

// Several results as one: the shards of one store, or the hosts of one company.
#pragma once

#include <vector>

#include "model/scan_result.h"

namespace backscan::report {

/// Duplicates are told by fingerprint and path; the later run's record stays, with every host it was
/// seen on. Counts are summed, and the whole is complete only if each part is.
[[nodiscard]] ScanResult merge(std::vector<ScanResult> results);

/// Sets the summary's counts of findings from the findings themselves; needed after any are left
/// out or added.
void recount(ScanResult& result);

/// Findings by (path, line, column, rule), listings by (ip, zone), errors by themselves.
void sort_records(ScanResult& result);

}  // namespace backscan::report

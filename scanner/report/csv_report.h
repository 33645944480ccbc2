// One line a finding, for spreadsheets.
#pragma once

#include "model/scan_result.h"
#include "report/sink.h"

namespace backscan::report {

/// RFC 4180 with a header line. A value that a spreadsheet would take for a formula gets an
/// apostrophe in front; control characters are escaped, so a record is always one line.
void render_csv(const ScanResult& result, Sink& sink);

}  // namespace backscan::report

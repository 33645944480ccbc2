// Each JSON record of CONTRACT.md back into its struct: the mirror of json_record.h.
#pragma once

#include <string>

#include "model/scan_result.h"
#include "report/json_fields.h"

namespace backscan::report {

/// Appends the record to where its `type` belongs in `result`. `problem` receives the first
/// complaint. Of unknown types nothing is kept: a later version may write more.
void read_record(std::string_view type, const JsonValue& record, ScanResult& result,
                 std::string& problem);

/// The `tool` member of a scan or document.
void read_tool(const JsonValue& record, ScanInfo& scan, std::string& problem);

}  // namespace backscan::report

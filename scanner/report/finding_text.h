// The finding record of CONTRACT.md as JSON text: apart from json_record.h because findings are the
// many, which every machine-read format writes by the hundred thousand.
#pragma once

#include "report/json_text.h"

namespace backscan::report {

void write_finding(const Finding& finding, JsonText& json);
void write_evidence(const Evidence& evidence, JsonText& json);

/// The members of the finding record, as they stand between its braces.
void write_finding_members(const Finding& finding, JsonText& json);

}  // namespace backscan::report

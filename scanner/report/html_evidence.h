// What the HTML report says beside the findings: who sent, how much over time, the settings, and the
// runs before. Apart from the page, which only puts the parts in order.
#pragma once

#include "model/scan_result.h"
#include "report/html_template.h"

namespace backscan::report {

/// Sets the values of the sections on senders, volume, settings and history.
void set_evidence(const ScanResult& result, mustache::object& values);

}  // namespace backscan::report

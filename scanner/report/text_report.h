// The report for a terminal.
#pragma once

#include <string>

#include "report/report.h"

namespace backscan::report {

void render_text(const ScanResult& result, const RenderOptions& options, std::string& out);

}  // namespace backscan::report

// The report for a terminal.
#pragma once

#include "report/report.h"

namespace backscan::report {

void render_text(const ScanResult& result, const RenderOptions& options, Sink& sink);

}  // namespace backscan::report

// SARIF 2.1.0 (OASIS), as GitHub, GitLab and IDEs import it.
#pragma once

#include "model/scan_result.h"
#include "report/sink.h"

namespace backscan::report {

void render_sarif(const ScanResult& result, Sink& sink);

}  // namespace backscan::report

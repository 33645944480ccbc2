// SARIF 2.1.0 (OASIS), as GitHub, GitLab and IDEs import it.
#pragma once

#include <string>

#include "model/scan_result.h"

namespace backscan::report {

void render_sarif(const ScanResult& result, std::string& out);

}  // namespace backscan::report

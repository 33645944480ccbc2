// One self-contained page: no request to anywhere, readable without its script.
#pragma once

#include <string>

#include "model/scan_result.h"

namespace backscan::report {

void render_html(const ScanResult& result, std::string& out);

}  // namespace backscan::report

// One self-contained page: no request to anywhere, readable without its script.
#pragma once

#include "model/scan_result.h"
#include "report/sink.h"

namespace backscan::report {

void render_html(const ScanResult& result, Sink& sink);

}  // namespace backscan::report

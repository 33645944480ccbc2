// Markdown for a ticket or a merge request.
#pragma once

#include <string>

#include "report/report.h"

namespace backscan::report {

void render_markdown(const ScanResult& result, const RenderOptions& options, std::string& out);

}  // namespace backscan::report

// The two machine formats that `backscan report` can read back.
#pragma once

#include <string>

#include "model/scan_result.h"

namespace backscan::report {

void render_json(const ScanResult& result, std::string& out);
void render_jsonl(const ScanResult& result, std::string& out);

}  // namespace backscan::report

// The two machine formats that `backscan report` can read back.
#pragma once

#include "model/scan_result.h"
#include "report/sink.h"

namespace backscan::report {

void render_json(const ScanResult& result, Sink& sink);
void render_jsonl(const ScanResult& result, Sink& sink);

}  // namespace backscan::report

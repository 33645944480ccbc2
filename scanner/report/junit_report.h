// JUnit XML, as GitLab and Jenkins read it.
#pragma once

#include "report/report.h"

namespace backscan::report {

/// A suite for each account or root; a finding at or above `options.fail_on` is a failed test, a
/// lower one a passed test that says so, an error a test with an error.
void render_junit(const ScanResult& result, const RenderOptions& options, Sink& sink);

}  // namespace backscan::report

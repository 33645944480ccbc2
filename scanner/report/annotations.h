// Findings as the marks that a forge shows beside the changed lines: GitHub's workflow commands and
// GitLab's Code Quality report. One file because both say the same few things.
#pragma once

#include "report/report.h"

namespace backscan::report {

/// "::error file=…,line=…,title=…::message", one a finding.
void render_github(const ScanResult& result, Sink& sink);
/// A JSON array of Code Quality issues.
void render_gitlab(const ScanResult& result, Sink& sink);

}  // namespace backscan::report

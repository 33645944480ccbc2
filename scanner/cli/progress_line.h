// The one line on standard error that moves while a scan runs.
#pragma once

#include <iosfwd>
#include <thread>

#include "scan/scan.h"

namespace backscan::cli {

/// Writes from a thread of its own until destroyed, which clears the line.
class ProgressLine {
 public:
  ProgressLine(const scan::Progress& progress, std::ostream& err);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

 private:
  std::ostream& err_;
  std::jthread writer_;
};

/// "12,345 files, 120.3 MB, 57.1 MB/s, 3 findings".
[[nodiscard]] std::string progress_text(const scan::Progress& progress, double elapsed_seconds);

}  // namespace backscan::cli

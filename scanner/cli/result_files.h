// Stored results as input of a command.
#pragma once

#include <istream>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/scan_result.h"

namespace backscan::cli {

/// Every file ("-": `standard_input`) read and all runs merged into one result.
[[nodiscard]] Result<ScanResult> read_result_files(const std::vector<std::string>& files,
                                                   std::istream* standard_input);

}  // namespace backscan::cli

// Results read back from json or jsonl files. Such a file may come from anybody's host, so it is
// parsed as hostile input: every type and range is checked and an error names file and line.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "base/error.h"
#include "model/scan_result.h"

namespace backscan::report {

/// Receives one run after another; those before an error have been handed on.
using TakeResult = std::function<void(ScanResult&&)>;

/// Reads one json document, or jsonl with any number of runs one after another (each begins with its
/// `scan` record). A run without its `summary` record was cut off and comes back as incomplete.
/// Unknown members are ignored; a wrong type, an unknown word or another schema_version is an error
/// "NAME:LINE: reason" (`name` is what the file is called).
[[nodiscard]] Result<void> read_results(std::istream& in, const std::string& name,
                                        const TakeResult& take);

}  // namespace backscan::report

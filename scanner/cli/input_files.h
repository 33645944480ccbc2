// Files that a command is told to read: lists of paths and globs, and the rule that nothing which
// steers a scan may lie inside what it scans.
#pragma once

#include <istream>
#include <string>
#include <vector>

#include "base/error.h"

namespace backscan::cli {

/// Paths of `file` ("-": `standard_input`), one a line or each ended by a zero byte. Empty ones are
/// left out.
[[nodiscard]] Result<std::vector<std::string>> read_path_list(const std::string& file,
                                                              bool null_separated,
                                                              std::istream* standard_input);

/// Globs of `file`, one a line; empty lines and those that begin with '#' are left out.
[[nodiscard]] Result<std::vector<std::string>> read_glob_list(const std::string& file);

/// An error where `file` lies at or below one of `roots`, symlinks resolved: who may write to the
/// tree must not choose what is reported. What does not exist lies nowhere.
[[nodiscard]] Result<void> require_outside(const std::string& file,
                                           const std::vector<std::string>& roots);

}  // namespace backscan::cli

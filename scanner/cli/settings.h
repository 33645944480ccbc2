// Gives flags that the command line left alone their value from the environment and from
// configuration files. CLI11 can do both, but lets a file beat the environment and reads TOML wrongly.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "base/error.h"

namespace backscan::cli {

/// Call after parsing and before the command runs. For each flag of `app` and of the commands
/// chosen that was not given: BACKSCAN_<FLAG> (several values one a line), else `config_file` (read
/// after the environment has spoken, which may name it; empty: none), else `system_file`, which need
/// not exist. Keys that name no flag, and values a flag refuses, are errors that name their place.
[[nodiscard]] Result<void> apply_settings(CLI::App& app, const std::string& config_file,
                                          const std::string& system_file);

/// BACKSCAN_* variables in the environment that no flag of any command answers to.
[[nodiscard]] std::vector<std::string> unknown_variables(const CLI::App& app);

/// "--mail-log" → "BACKSCAN_MAIL_LOG".
[[nodiscard]] std::string variable_name(const std::string& long_name);

}  // namespace backscan::cli

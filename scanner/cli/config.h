// A configuration file as flat settings: "table.key = value" with the place each stands at. TOML by
// toml++; what keys mean is settings.cc's business.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace backscan::cli {

struct ConfigSetting {
  std::vector<std::string> command;  // the tables: empty for global flags, {"rules", "list"}
  std::string key;                   // a long flag without its dashes
  std::vector<std::string> values;   // as the command line would have them
  std::string origin;                // "/etc/backscan/backscan.toml:12"
};

/// Strings, numbers, booleans and arrays of them; anything else is an error "file:line: reason".
[[nodiscard]] Result<std::vector<ConfigSetting>> read_config(const std::string& file);

}  // namespace backscan::cli

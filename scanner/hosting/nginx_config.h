// nginx's configuration read for its sites.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "hosting/apache_config.h"

namespace backscan::hosting {

/// Servers with their names, inherited root, further roots and aliases of locations, and the PHP
/// back end. Paths with variables are cut before the first of them.
[[nodiscard]] std::vector<VirtualHost> parse_nginx(std::string_view text, const std::string& path,
                                                   const FollowInclude& follow);

}  // namespace backscan::hosting

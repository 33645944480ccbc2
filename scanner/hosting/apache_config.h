// Apache's configuration read for its sites: virtual hosts, document roots, users.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "hosting/account_builder.h"

namespace backscan::hosting {

struct VirtualHost {
  FoundSite site;
  std::vector<std::string> more_docroots;  // of Alias lines
  std::string php_handler;                 // "unix:/run/php/u1.sock", "fcgi://127.0.0.1:9001"
};

/// Include patterns to file texts: for each file that `pattern` means, `use(path, text)`.
using FollowInclude =
    std::function<void(const std::string& pattern,
                       const std::function<void(const std::string&, const std::string&)>& use)>;

struct ApacheConfig {
  std::vector<VirtualHost> hosts;  // the main server first, where it has a document root
  std::string user_directory;      // of UserDir: "public_html"; empty: none
};

/// `text` is the main file; `variables` those known before (envvars), as "NAME=value".
[[nodiscard]] ApacheConfig parse_apache(std::string_view text, const std::string& path,
                                        const std::string& server_root,
                                        const std::vector<std::string>& variables,
                                        const FollowInclude& follow);

/// The virtual hosts of one file, includes left out.
[[nodiscard]] std::vector<VirtualHost> parse_virtual_hosts(std::string_view text,
                                                           const std::string& path);

}  // namespace backscan::hosting

// User names and numbers, asked of the system once each.
#pragma once

#include <sys/types.h>

#include <string>
#include <unordered_map>
#include <vector>

namespace backscan::scan {

/// The users that web servers run as on this machine, by their usual names.
[[nodiscard]] std::vector<uid_t> web_server_users();

class UserNames {
 public:
  /// The name of `uid`, or its number where it has none.
  [[nodiscard]] const std::string& name_of(uid_t uid);

 private:
  std::unordered_map<uid_t, std::string> names_;
};

}  // namespace backscan::scan

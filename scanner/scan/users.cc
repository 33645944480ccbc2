// The reentrant calls: several threads ask.
#include "scan/users.h"

#include <pwd.h>

#include <array>

namespace backscan::scan {
namespace {
using Buffer = std::array<char, 4096>;
}

std::vector<uid_t> web_server_users() {
  std::vector<uid_t> users;
  for (const char* name : {"www-data", "apache", "httpd", "nginx", "http", "lighttpd", "caddy",
                           "wwwrun", "www", "nobody"}) {
    Buffer buffer;
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwnam_r(name, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
      users.push_back(entry.pw_uid);
  }
  return users;
}

const std::string& UserNames::name_of(uid_t uid) {
  const auto [it, is_new] = names_.try_emplace(uid);
  if (is_new) {
    Buffer buffer;
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
      it->second = entry.pw_name;
    else
      it->second = std::to_string(uid);
  }
  return it->second;
}

}  // namespace backscan::scan

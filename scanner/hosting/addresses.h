// Which addresses this host sends mail from: interfaces, panel files and MTA settings.
#pragma once

#include <string>
#include <vector>

#include "model/scan_result.h"

namespace backscan::hosting {

struct SendingAddress {
  std::string ip;      // canonical text
  std::string source;  // "interface eth0", "/var/cpanel/mainip", "/etc/postfix/main.cf:12"
};

struct SendingAddresses {
  std::vector<SendingAddress> addresses;          // global scope only, sorted, unique
  std::vector<SendingAddress> private_addresses;  // the others, without loopback
  std::string relayhost;                          // not empty: a smarthost sends for this host
  bool only_private = false;                      // addresses exist, none is global: --ip is needed
  std::vector<ErrorRecord> errors;                // notes, but for a root that cannot be opened
};

/// `root`: "/" or a directory that holds a copy of another host's file system (then interfaces are
/// not looked at).
[[nodiscard]] SendingAddresses discover_addresses(const std::string& root = "/");

}  // namespace backscan::hosting

// What the kernel knows: the only part of the discovery that looks at the running host.
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>

#include <charconv>
#include <fstream>
#include <memory>
#include <sstream>

#include "base/ip_address.h"
#include "hosting/address_sources.h"

namespace backscan::hosting {
namespace {

struct FreeInterfaces {
  void operator()(ifaddrs* list) const { ::freeifaddrs(list); }
};

void collect_ipv4(AddressCollector& collector) {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return;
  const std::unique_ptr<ifaddrs, FreeInterfaces> owner(first);
  for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_INET) continue;
    if ((entry->ifa_flags & IFF_UP) == 0 || (entry->ifa_flags & IFF_LOOPBACK) != 0) continue;
    char text[INET_ADDRSTRLEN] = {};
    const auto* const address = reinterpret_cast<const sockaddr_in*>(entry->ifa_addr);
    ::inet_ntop(AF_INET, &address->sin_addr, text, sizeof text);
    collector.add(text, std::string("interface ") + entry->ifa_name);
  }
}

std::string with_colons(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (i > 0 && i % 4 == 0) out += ':';
    out += hex[i];
  }
  return out;
}

/// getifaddrs does not tell which IPv6 addresses are temporary or deprecated; this file does.
void collect_ipv6(AddressCollector& collector) {
  constexpr unsigned kTemporary = 0x01;
  constexpr unsigned kDeprecated = 0x20;
  constexpr unsigned kTentative = 0x40;
  std::ifstream file("/proc/net/if_inet6");
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string address;
    std::string index;
    std::string prefix;
    std::string scope;
    std::string flags_text;
    std::string name;
    if (!(fields >> address >> index >> prefix >> scope >> flags_text >> name)) continue;
    unsigned flags = 0;
    std::from_chars(flags_text.data(), flags_text.data() + flags_text.size(), flags, 16);
    if ((flags & (kTemporary | kDeprecated | kTentative)) != 0 || address.size() != 32) continue;
    collector.add(with_colons(address), "interface " + name);
  }
}

}  // namespace

void collect_interfaces(AddressCollector& collector) {
  collect_ipv4(collector);
  collect_ipv6(collector);
}

}  // namespace backscan::hosting

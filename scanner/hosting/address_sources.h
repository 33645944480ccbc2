// The places that tell sending addresses, one function each; addresses.cc asks them in turn.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/rooted_file.h"
#include "hosting/addresses.h"

namespace backscan::hosting {

/// Gathers addresses and troubles; tells global addresses from private ones.
class AddressCollector {
 public:
  /// Ignores text that is no address, and loopback. The first source of an address is kept.
  void add(std::string_view ip, const std::string& source);
  void set_relayhost(std::string_view host);
  /// A configuration file's text, or nothing: a missing file is no trouble, a denied one is told.
  [[nodiscard]] std::optional<std::string> read(const RootedDirectory& root,
                                                const std::string& path);
  [[nodiscard]] SendingAddresses finish();

 private:
  SendingAddresses found_;
};

/// This host's interfaces: only those that are up; no deprecated or temporary IPv6 addresses.
void collect_interfaces(AddressCollector& collector);
/// mainip, ips, mailips (if per_domain_mailips is on) and cpnat.
void collect_cpanel(const RootedDirectory& root, AddressCollector& collector);
/// smtp_bind_address(6) of main.cf and master.cf, proxy_interfaces, a single inet_interfaces,
/// relayhost.
void collect_postfix(const RootedDirectory& root, AddressCollector& collector);
/// `interface` of Exim's transports; the smarthost of Debian's settings or of a "*" route.
void collect_exim(const RootedDirectory& root, AddressCollector& collector);

}  // namespace backscan::hosting

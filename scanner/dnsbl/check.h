// Asks DNS blacklists about addresses, and trusts no zone before its RFC 5782 test entries answered
// as they must.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/listing.h"
#include "model/scan_result.h"

namespace backscan::dnsbl {

struct Code {
  std::string answer;  // "127.0.0.2", or a prefix ending in '.' or a range "127.0.0.4-127.0.0.7"
  std::string meaning;
  bool is_listing = true;  // false: white or yellow codes that list nothing
};

/// One zone, as signatures/dnsbl/zones.yaml describes it.
struct Zone {
  std::string zone;
  std::string name;
  bool ipv4 = true;
  bool ipv6 = false;
  std::vector<Code> codes;
  std::vector<Cause> causes;
  ListingScope scope = ListingScope::kAddress;
  bool is_informational = false;
  bool needs_key = false;
  std::string lookup_url;  // {ip} stands for the address
  std::string delist_url;
  std::string policy;
  std::string expires;  // in words
  std::optional<std::chrono::hours> expires_after;
  std::string set = "core";  // core or extended
};

/// Reads a `zones:` list; unknown keys, bad names and zones of the deny-list are errors with
/// "file:line: reason".
[[nodiscard]] std::expected<std::vector<Zone>, std::vector<Error>> load_zones(
    const std::string& file);

struct CheckOptions {
  std::vector<std::string> ips;          // textual; validated by parse_address
  std::vector<Zone> zones;
  std::string nameserver;                // "HOST[:PORT]"; empty: the system's resolvers
  std::chrono::milliseconds timeout{2500};
  int tries = 2;
  int max_in_flight = 200;               // c-ares loses answers above it (facts/mail.md)
};

struct CheckResult {
  std::vector<Listing> listings;  // sorted by (ip, zone); one for each address and zone
  std::vector<ErrorRecord> errors;
};

/// Blocking; run it on a thread of its own. `stop` ends it early: what was not asked is not_checked.
[[nodiscard]] CheckResult check(const CheckOptions& options, std::stop_token stop = {});

/// Canonical text of an IPv4 or IPv6 address, or an error naming it.
[[nodiscard]] Result<std::string> parse_address(std::string_view text);

}  // namespace backscan::dnsbl

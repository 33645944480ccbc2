// Asks DNS blacklists about addresses, and trusts no zone before its RFC 5782 test entries answered
// as they must.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "dnsbl/zone.h"
#include "model/listing.h"
#include "model/scan_result.h"

namespace backscan::dnsbl {

class Resolver;

struct CheckOptions {
  std::vector<std::string> ips;  // textual; what is no address becomes an error record
  std::vector<Zone> zones;
  std::string nameserver;  // "HOST[:PORT]" or "[V6]:PORT"; empty: the system's resolvers
  /// A question without an answer after `timeout` × `tries` is given up.
  std::chrono::milliseconds timeout{2500};
  int tries = 2;
  /// At most 200. A burst of 200 already overflows the receive buffer of rbldnsd, and what is lost
  /// costs a time-out each: 1.9 s instead of 0.2 s for 54 lists and 8 addresses.
  int max_in_flight = 100;
};

struct CheckResult {
  /// Sorted by (ip, zone); one for each address and each zone that lists addresses of its family.
  std::vector<Listing> listings;
  /// Sorted: addresses that are none, and one record where the name server itself is the trouble.
  std::vector<ErrorRecord> errors;
};

/// Blocking; run it on a thread of its own. `stop` ends it early: what was not asked is not_checked
/// without a reason. A name server that answers nothing is given up after 0.7 × `timeout` ×
/// `tries`.
[[nodiscard]] CheckResult check(const CheckOptions& options, std::stop_token stop = {});

/// The same over a given resolver: the seam for tests.
[[nodiscard]] CheckResult check_with(Resolver& resolver, const CheckOptions& options,
                                     std::stop_token stop = {});

/// Canonical text of an IPv4 or IPv6 address, or an error naming it.
[[nodiscard]] Result<std::string> parse_address(std::string_view text);

}  // namespace backscan::dnsbl

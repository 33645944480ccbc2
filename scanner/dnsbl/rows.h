// The table of a check: one row per address and zone. Rows start as "not checked"; only an answer
// that counts changes that. Apart from check.cc, which knows the order of asking.
#pragma once

#include <string>
#include <vector>

#include "base/ip_address.h"
#include "dnsbl/check.h"

namespace backscan::dnsbl {

struct Rows {
  std::vector<Listing> listings;     // sorted by (ip, zone)
  std::vector<IpAddress> addresses;  // in step with listings
  std::vector<const Zone*> zones;    // in step with listings; owned by the options
  std::vector<ErrorRecord> errors;   // options.ips that are no addresses
};

/// Zones that need a key and have none are marked so at once.
[[nodiscard]] Rows make_rows(const CheckOptions& options);

/// Adds what the zone's data says to people who are on it.
void describe(const Zone& zone, Listing& listing);

/// Back to "not checked", for `reason`: nothing that was learnt can be believed.
void retract(Listing& listing, NotChecked reason);

}  // namespace backscan::dnsbl

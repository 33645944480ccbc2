// The names that are asked (RFC 5782): reversed addresses below a zone, and the test entries.
#pragma once

#include <string>

#include "base/ip_address.h"
#include "dnsbl/zone.h"

namespace backscan::dnsbl {

/// "25.2.0.192." or 32 nibbles, each with its dot (RFC 5782 sections 2.1 and 2.4).
[[nodiscard]] std::string reversed_labels(const IpAddress& address);

/// What to ask about `address`: reversed labels, the subscriber's key if any, the zone.
[[nodiscard]] std::string query_name(const IpAddress& address, const Zone& zone);

/// The address that every working list lists (127.0.0.2 or ::FFFF:7F00:2), and the one that none
/// may list (…1); RFC 5782 section 5.
[[nodiscard]] IpAddress listed_test_entry(bool is_v6);
[[nodiscard]] IpAddress unlisted_test_entry(bool is_v6);

}  // namespace backscan::dnsbl

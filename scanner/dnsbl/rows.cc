// Builds, describes and retracts rows.
#include "dnsbl/rows.h"

#include <algorithm>

namespace backscan::dnsbl {
namespace {

std::string with_address(std::string url, const std::string& ip) {
  constexpr std::string_view kPlace = "{ip}";
  for (std::size_t at = 0; (at = url.find(kPlace, at)) != std::string::npos; at += ip.size())
    url.replace(at, kPlace.size(), ip);
  return url;
}

std::string expiry_in_words(std::chrono::hours after) {
  const auto hours = after.count();
  if (hours % 24 == 0 && hours > 48)
    return std::to_string(hours / 24) + " days after the last abuse seen";
  return std::to_string(hours) + " hours after the last abuse seen";
}

Listing make_row(const IpAddress& address, const Zone& zone) {
  Listing row;
  row.ip = address.text();
  row.zone = zone.zone;
  row.name = zone.name;
  row.scope = zone.scope;
  row.causes = zone.causes;
  row.is_informational = zone.is_informational;
  row.lookup_url = with_address(zone.lookup_url, row.ip);
  if (zone.needs_key && zone.key.empty()) row.reason = NotChecked::kNeedsKey;
  return row;
}

}  // namespace

Rows make_rows(const CheckOptions& options) {
  Rows rows;
  std::vector<std::pair<std::string, IpAddress>> addresses;
  for (const std::string& text : options.ips) {
    if (const auto address = parse_ip(text))
      addresses.emplace_back(address->text(), *address);
    else
      rows.errors.push_back({Stage::kDns, text, "not an IPv4 or IPv6 address"});
  }
  std::ranges::sort(addresses);
  addresses.erase(std::ranges::unique(addresses).begin(), addresses.end());
  std::vector<const Zone*> zones;
  for (const Zone& zone : options.zones) zones.push_back(&zone);
  std::ranges::sort(zones, {}, &Zone::zone);
  for (const auto& [text, address] : addresses) {
    for (const Zone* zone : zones) {
      if (!(address.is_v6 ? zone->ipv6 : zone->ipv4)) continue;
      rows.listings.push_back(make_row(address, *zone));
      rows.addresses.push_back(address);
      rows.zones.push_back(zone);
    }
  }
  return rows;
}

void describe(const Zone& zone, Listing& listing) {
  listing.policy = zone.policy;
  if (!zone.delisting.empty()) {
    if (!listing.policy.empty()) listing.policy += ' ';
    listing.policy += zone.delisting;
  }
  listing.delist_url = with_address(zone.delist_url, listing.ip);
  listing.expires_after = zone.expires_after;
  listing.expires_estimate = zone.expires;
  if (zone.expires.empty() && zone.expires_after)
    listing.expires_estimate = expiry_in_words(*zone.expires_after);
}

void retract(Listing& listing, NotChecked reason) {
  listing.state = ListingState::kNotChecked;
  listing.reason = reason;
  listing.codes.clear();
  listing.text.clear();
  listing.meaning.clear();
  listing.ttl.reset();
  listing.expires_after.reset();
  listing.expires_estimate.clear();
  listing.delist_url.clear();
  listing.policy.clear();
}

}  // namespace backscan::dnsbl

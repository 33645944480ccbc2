// The small languages of zone data: zone names, answer patterns and the deny-list's reach.
#include "dnsbl/zone.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace backscan::dnsbl {
namespace {

constexpr std::size_t kMaxLabel = 63;
// 253 less the 64 bytes of a reversed IPv6 address.
constexpr std::size_t kMaxZone = 189;

std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
  in_addr address{};
  if (::inet_pton(AF_INET, std::string(text).c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

std::optional<std::string> fault_in_label(std::string_view label) {
  if (label.empty()) return "an empty label";
  if (label.size() > kMaxLabel) return "a label of more than 63 bytes";
  const bool is_plain = std::ranges::all_of(label, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (!is_plain) return "a character that is no letter, digit, hyphen or underscore";
  if (label.front() == '-' || label.back() == '-') return "a label that starts or ends in a hyphen";
  return std::nullopt;
}

/// The range of addresses that an answer pattern covers.
struct AddressRange {
  std::uint32_t first;
  std::uint32_t last;
};

std::optional<AddressRange> parse_pattern(std::string_view pattern) {
  if (const std::size_t dash = pattern.find('-'); dash != std::string_view::npos) {
    const auto first = parse_ipv4(pattern.substr(0, dash));
    const auto last = parse_ipv4(pattern.substr(dash + 1));
    if (!first || !last || *first > *last) return std::nullopt;
    return AddressRange{*first, *last};
  }
  if (!pattern.ends_with('.')) {
    const auto address = parse_ipv4(pattern);
    if (!address) return std::nullopt;
    return AddressRange{*address, *address};
  }
  std::string first(pattern);
  std::string last(pattern);
  for (auto dots = std::ranges::count(pattern, '.'); dots < 4; ++dots) {
    first += dots == 3 ? "0" : "0.";
    last += dots == 3 ? "255" : "255.";
  }
  const auto low = parse_ipv4(first);
  const auto high = parse_ipv4(last);
  if (!low || !high) return std::nullopt;
  return AddressRange{*low, *high};
}

}  // namespace

Result<std::string> parse_zone_name(std::string_view text) {
  std::string name = ascii_lower(text);
  if (name.ends_with('.')) name.pop_back();
  const auto fail = [&](std::string_view why) {
    return std::unexpected(Error{std::string(text), "not a zone name: " + std::string(why)});
  };
  if (name.empty()) return fail("it is empty");
  if (name.size() > kMaxZone) return fail("it is longer than 189 bytes");
  if (name.find('.') == std::string::npos) return fail("it has only one label");
  std::string_view rest = name;
  while (true) {
    const std::size_t dot = rest.find('.');
    if (const auto fault = fault_in_label(rest.substr(0, dot))) return fail("it has " + *fault);
    if (dot == std::string_view::npos) return name;
    rest.remove_prefix(dot + 1);
  }
}

bool code_matches(std::string_view pattern, std::string_view answer) {
  const auto range = parse_pattern(pattern);
  const auto address = parse_ipv4(answer);
  return range && address && *address >= range->first && *address <= range->last;
}

bool is_code_pattern(std::string_view pattern) {
  const auto range = parse_pattern(pattern);
  return range && range->first >> 24 == 127 && range->last >> 24 == 127;
}

const DeadZone* find_dead(std::span<const DeadZone> dead, std::string_view zone) {
  const auto covers = [&](const DeadZone& entry) {
    if (entry.zone == zone) return true;
    return entry.with_subzones && zone.size() > entry.zone.size() && zone.ends_with(entry.zone) &&
           zone[zone.size() - entry.zone.size() - 1] == '.';
  };
  const auto it = std::ranges::find_if(dead, covers);
  return it == dead.end() ? nullptr : &*it;
}

}  // namespace backscan::dnsbl

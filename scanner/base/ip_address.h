// An IPv4 or IPv6 address as a value: parsed strictly, printed canonically. In base/ because
// blacklists, discovery of sending addresses and log readers all speak of addresses.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace backscan {

struct IpAddress {
  /// Network order; an IPv4 address uses the first four.
  std::array<std::uint8_t, 16> bytes{};
  bool is_v6 = false;
  auto operator<=>(const IpAddress&) const = default;

  /// Canonical text (RFC 5952 for IPv6).
  [[nodiscard]] std::string text() const;
  /// True unless the address is loopback, private (RFC 1918, RFC 6598, RFC 4193), link-local,
  /// unspecified, multicast or reserved: one that a host elsewhere can see mail come from. The
  /// documentation networks count as global, so that examples and tests behave like real ones.
  [[nodiscard]] bool is_global() const;
};

/// Nothing for anything but the plain text of one address: no zone index, port, prefix or brackets.
/// An IPv4-mapped IPv6 address comes back as the IPv4 address that it is.
[[nodiscard]] std::optional<IpAddress> parse_ip(std::string_view text);

}  // namespace backscan

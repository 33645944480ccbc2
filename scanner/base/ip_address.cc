// inet_pton and inet_ntop with lengths checked, and the address ranges that never leave a site.
#include "base/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <span>

namespace backscan {
namespace {

struct Prefix {
  std::array<std::uint8_t, 4> bytes;
  int bits;
};

constexpr Prefix kLocalV4[] = {
    {{0, 0, 0, 0}, 8},      {{10, 0, 0, 0}, 8},    {{100, 64, 0, 0}, 10},  {{127, 0, 0, 0}, 8},
    {{169, 254, 0, 0}, 16}, {{172, 16, 0, 0}, 12}, {{192, 168, 0, 0}, 16}, {{224, 0, 0, 0}, 3},
};

constexpr Prefix kLocalV6[] = {
    {{0, 0, 0, 0}, 32},       // ::, ::1 and embedded IPv4
    {{0xfc, 0, 0, 0}, 7},     // unique local
    {{0xfe, 0x80, 0, 0}, 9},  // link-local, and the retired site-local
    {{0xff, 0, 0, 0}, 8},     // multicast
};

bool is_inside(const IpAddress& address, const Prefix& prefix) {
  for (int bit = 0; bit < prefix.bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if (((address.bytes[byte] ^ prefix.bytes[byte]) & mask) != 0) return false;
  }
  return true;
}

}  // namespace

std::string IpAddress::text() const {
  char out[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(is_v6 ? AF_INET6 : AF_INET, bytes.data(), out, sizeof out);
  return out;
}

bool IpAddress::is_global() const {
  const std::span<const Prefix> local = is_v6 ? std::span<const Prefix>(kLocalV6) : kLocalV4;
  return std::ranges::none_of(local, [&](const Prefix& p) { return is_inside(*this, p); });
}

std::optional<IpAddress> parse_ip(std::string_view text) {
  char terminated[INET6_ADDRSTRLEN] = {};
  if (text.empty() || text.size() >= sizeof terminated || text.find('\0') != std::string_view::npos)
    return std::nullopt;
  std::memcpy(terminated, text.data(), text.size());
  IpAddress address;
  if (::inet_pton(AF_INET, terminated, address.bytes.data()) == 1) return address;
  if (::inet_pton(AF_INET6, terminated, address.bytes.data()) != 1) return std::nullopt;
  address.is_v6 = true;
  constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (!std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin())) return address;
  IpAddress plain;
  std::copy_n(address.bytes.begin() + 12, 4, plain.bytes.begin());
  return plain;
}

}  // namespace backscan

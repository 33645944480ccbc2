// Spells addresses backwards, as lists index them.
#include "dnsbl/query_name.h"

namespace backscan::dnsbl {
namespace {

IpAddress test_entry(bool is_v6, std::uint8_t last) {
  IpAddress address;
  address.is_v6 = is_v6;
  if (is_v6) {
    address.bytes[10] = address.bytes[11] = 0xff;
    address.bytes[12] = 127;
    address.bytes[15] = last;
  } else {
    address.bytes[0] = 127;
    address.bytes[3] = last;
  }
  return address;
}

}  // namespace

std::string reversed_labels(const IpAddress& address) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  if (!address.is_v6) {
    for (int i = 3; i >= 0; --i)
      out += std::to_string(address.bytes[static_cast<std::size_t>(i)]) + '.';
    return out;
  }
  for (std::size_t i = 16; i-- > 0;) {
    out += kHex[address.bytes[i] & 0xfu];
    out += '.';
    out += kHex[address.bytes[i] >> 4];
    out += '.';
  }
  return out;
}

std::string query_name(const IpAddress& address, const Zone& zone) {
  std::string name = reversed_labels(address);
  if (!zone.key.empty()) name += zone.key + '.';
  return name + zone.zone;
}

IpAddress listed_test_entry(bool is_v6) {
  return test_entry(is_v6, 2);
}
IpAddress unlisted_test_entry(bool is_v6) {
  return test_entry(is_v6, 1);
}

}  // namespace backscan::dnsbl

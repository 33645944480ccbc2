#include "base/ip_address.h"

#include <gtest/gtest.h>

namespace backscan {
namespace {

std::string canonical(std::string_view text) {
  const auto address = parse_ip(text);
  return address ? address->text() : "no address";
}

TEST(IpAddress, PrintsTheCanonicalForm) {
  EXPECT_EQ(canonical("192.0.2.25"), "192.0.2.25");
  EXPECT_EQ(canonical("2001:0DB8:0:0:0:0:0:1"), "2001:db8::1");
  EXPECT_EQ(canonical("::ffff:192.0.2.25"), "192.0.2.25");
}

TEST(IpAddress, RefusesWhatIsNotOneAddress) {
  for (const std::string_view text :
       {"", " 192.0.2.1", "192.0.2.1 ", "192.0.2", "192.0.2.256", "192.0.2.01", "192.0.2.1/24",
        "[::1]", "fe80::1%eth0", "::1::", "example.com", "1",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa"})
    EXPECT_EQ(canonical(text), "no address") << text;
  EXPECT_EQ(canonical(std::string_view("192.0.2.1\0", 10)), "no address");
}

TEST(IpAddress, KnowsWhichAddressesNeverLeaveASite) {
  for (const std::string_view text :
       {"127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1",
        "100.127.255.255", "169.254.1.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1",
        "::", "fe80::1", "febf::1", "fc00::1", "fdff::1", "ff02::1"})
    EXPECT_FALSE(parse_ip(text)->is_global()) << text;
  for (const std::string_view text : {"172.32.0.1", "172.15.0.1", "100.128.0.1", "11.0.0.1",
                                      "192.0.2.25", "2001:db8::1", "2a00::1"})
    EXPECT_TRUE(parse_ip(text)->is_global()) << text;
}

}  // namespace
}  // namespace backscan

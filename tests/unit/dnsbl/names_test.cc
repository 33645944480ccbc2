#include <gtest/gtest.h>

#include "dnsbl/query_name.h"
#include "dnsbl/resolver.h"
#include "dnsbl/zone.h"

namespace backscan::dnsbl {
namespace {

TEST(QueryName, ReversesAddresses) {
  Zone zone;
  zone.zone = "bl.test";
  EXPECT_EQ(query_name(*parse_ip("192.0.2.25"), zone), "25.2.0.192.bl.test");
  EXPECT_EQ(query_name(*parse_ip("2001:db8:1:2:3:4:567:89ab"), zone),
            "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.bl.test");
  zone.key = "k";
  EXPECT_EQ(query_name(*parse_ip("192.0.2.25"), zone), "25.2.0.192.k.bl.test");
}

TEST(QueryName, SpellsTheTestEntriesOfRfc5782) {
  EXPECT_EQ(reversed_labels(listed_test_entry(false)), "2.0.0.127.");
  EXPECT_EQ(reversed_labels(unlisted_test_entry(false)), "1.0.0.127.");
  EXPECT_EQ(reversed_labels(listed_test_entry(true)),
            "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.");
}

TEST(Codes, MatchAddressesPrefixesAndRanges) {
  EXPECT_TRUE(code_matches("127.0.0.2", "127.0.0.2"));
  EXPECT_FALSE(code_matches("127.0.0.2", "127.0.0.20"));
  EXPECT_TRUE(code_matches("127.0.1.", "127.0.1.9"));
  EXPECT_FALSE(code_matches("127.0.1.", "127.0.10.9"));
  EXPECT_TRUE(code_matches("127.0.", "127.0.10.9"));
  EXPECT_TRUE(code_matches("127.0.0.4-127.0.0.7", "127.0.0.7"));
  EXPECT_FALSE(code_matches("127.0.0.4-127.0.0.7", "127.0.0.10"));
}

TEST(Codes, AreRefusedWhenTheyCannotMatchAnything) {
  for (const char* pattern : {"", "127", "127.0.0.256", "128.0.0.2", "127.0.0.7-127.0.0.4", "-",
                              "127.0.0.2-", "127.0.0.0.", "10.", "127.0.0.2-128.0.0.1", "."})
    EXPECT_FALSE(is_code_pattern(pattern)) << pattern;
  for (const char* pattern : {"127.0.0.2", "127.", "127.0.0.", "127.0.0.4-127.0.1.7"})
    EXPECT_TRUE(is_code_pattern(pattern)) << pattern;
}

TEST(ZoneName, IsLowerCasedAndLosesItsLastDot) {
  EXPECT_EQ(*parse_zone_name("IPS.Backscatterer.ORG."), "ips.backscatterer.org");
  EXPECT_EQ(*parse_zone_name("_x.a-b.test"), "_x.a-b.test");
}

TEST(ZoneName, RefusesWhatDnsCannotCarry) {
  const std::string long_label(64, 'a');
  const std::string long_name =
      std::string(63, 'a') + '.' + std::string(63, 'b') + '.' + std::string(63, 'c') + ".test";
  for (const std::string& name :
       {std::string(), std::string("."), std::string("test"), std::string("a..test"),
        std::string(".a.test"), std::string("a b.test"), std::string("a/b.test"),
        std::string("-a.test"), std::string("a-.test"),
        std::string("b\xC3\xBC"
                    "cher.test"),
        std::string("a.test\0", 7), long_label + ".test", long_name})
    EXPECT_FALSE(parse_zone_name(name).has_value()) << name;
}

TEST(DeadZones, ReachBelowThemselvesOnlyWhereTheySaySo) {
  const std::vector<DeadZone> dead = {{"sorbs.test", true, "2024", "closed"},
                                      {"one.test", false, "2024", "closed"}};
  EXPECT_NE(find_dead(dead, "sorbs.test"), nullptr);
  EXPECT_NE(find_dead(dead, "spam.sorbs.test"), nullptr);
  EXPECT_EQ(find_dead(dead, "notsorbs.test"), nullptr);
  EXPECT_NE(find_dead(dead, "one.test"), nullptr);
  EXPECT_EQ(find_dead(dead, "sub.one.test"), nullptr);
}

std::string server_text(std::string_view text) {
  const auto server = parse_nameserver(text);
  return server ? server->host + ' ' + std::to_string(server->port) : "error";
}

TEST(NameServer, TakesAddressesNamesAndPorts) {
  EXPECT_EQ(server_text("127.0.0.1"), "127.0.0.1 53");
  EXPECT_EQ(server_text("127.0.0.1:5353"), "127.0.0.1 5353");
  EXPECT_EQ(server_text("::1"), "::1 53");
  EXPECT_EQ(server_text("[::1]"), "::1 53");
  EXPECT_EQ(server_text("[2001:db8::53]:5353"), "2001:db8::53 5353");
  EXPECT_EQ(server_text("localhost:5353"), "localhost 5353");
  EXPECT_EQ(server_text("ns1.example.com"), "ns1.example.com 53");
}

TEST(NameServer, RefusesTheRest) {
  for (const std::string_view text :
       {"", ":53", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:5x", "[::1", "[::1]x",
        "[127.0.0.1]:53", "::1:5353:zz", "192.0.2.300", "a b", "-h", "h/x"})
    EXPECT_EQ(server_text(text), "error") << text;
}

}  // namespace
}  // namespace backscan::dnsbl

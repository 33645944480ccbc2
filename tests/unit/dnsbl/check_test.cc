#include "dnsbl/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/dnsbl/fake_resolver.h"

namespace backscan::dnsbl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Zone zone_named(const std::string& name) {
  Zone zone;
  zone.zone = name;
  zone.name = name;
  return zone;
}

CheckOptions options_for(std::vector<std::string> ips, std::vector<Zone> zones) {
  CheckOptions options;
  options.ips = std::move(ips);
  options.zones = std::move(zones);
  return options;
}

const Listing& row_of(const CheckResult& result, std::string_view zone,
                      std::string_view ip = "192.0.2.25") {
  for (const Listing& row : result.listings)
    if (row.zone == zone && row.ip == ip) return row;
  static const Listing kNone;
  ADD_FAILURE() << "no row for " << ip << " in " << zone;
  return kNone;
}

TEST(Check, TellsListedFromNotListed) {
  FakeResolver dns;
  dns.add_working("bl.test");
  dns.add("25.2.0.192.bl.test", {"127.0.0.2"});
  dns.add("TXT 25.2.0.192.bl.test", {"see http://bl.test/"});
  const auto result =
      check_with(dns, options_for({"192.0.2.25", "192.0.2.26"}, {zone_named("bl.test")}));
  ASSERT_THAT(result.listings, SizeIs(2));
  EXPECT_EQ(result.listings[0].state, ListingState::kListed);
  EXPECT_THAT(result.listings[0].codes, ElementsAre("127.0.0.2"));
  EXPECT_THAT(result.listings[0].text, ElementsAre("see http://bl.test/"));
  EXPECT_EQ(result.listings[0].ttl, std::chrono::seconds(300));
  EXPECT_EQ(result.listings[1].state, ListingState::kNotListed);
  EXPECT_THAT(result.errors, IsEmpty());
}

TEST(Check, AsksForReasonsOnlyAfterAHit) {
  FakeResolver dns;
  dns.add_working("bl.test");
  dns.add("25.2.0.192.bl.test", {"127.0.0.2"});
  (void)check_with(dns, options_for({"192.0.2.25", "192.0.2.26"}, {zone_named("bl.test")}));
  EXPECT_TRUE(dns.was_asked("TXT 25.2.0.192.bl.test"));
  EXPECT_FALSE(dns.was_asked("TXT 26.2.0.192.bl.test"));
}

TEST(Check, AsksNoAddressOfAZoneThatFailsItsTestEntries) {
  FakeResolver dns;
  dns.add("25.2.0.192.empty.test", {"127.0.0.2"});
  const auto result = check_with(dns, options_for({"192.0.2.25"}, {zone_named("empty.test")}));
  EXPECT_EQ(row_of(result, "empty.test").state, ListingState::kNotChecked);
  EXPECT_EQ(row_of(result, "empty.test").reason, NotChecked::kEmpty);
  EXPECT_FALSE(dns.was_asked("25.2.0.192.empty.test"));
}

TEST(Check, NamesWhyAZoneDoesNotCount) {
  FakeResolver dns;
  for (const char* entry : {"1.0.0.127.", "2.0.0.127."}) {
    dns.add(std::string(entry) + "wild.test", {"127.0.0.2"});
    dns.add(std::string(entry) + "parked.test", {"203.0.113.80"});
    dns.add(std::string(entry) + "code.test", {"127.255.255.254"});
  }
  dns.set_status("refuse.test", ReplyStatus::kRefused);
  dns.set_status("broken.test", ReplyStatus::kFailed);
  dns.set_status("silent.test", ReplyStatus::kSilent);
  Zone keyed = zone_named("keyed.test");
  keyed.needs_key = true;
  const auto result = check_with(
      dns,
      options_for({"192.0.2.25"}, {zone_named("wild.test"), zone_named("parked.test"),
                                   zone_named("code.test"), zone_named("refuse.test"),
                                   zone_named("broken.test"), zone_named("silent.test"), keyed}));
  EXPECT_EQ(row_of(result, "wild.test").reason, NotChecked::kWildcard);
  EXPECT_EQ(row_of(result, "parked.test").reason, NotChecked::kParked);
  EXPECT_EQ(row_of(result, "code.test").reason, NotChecked::kRefused);
  EXPECT_EQ(row_of(result, "refuse.test").reason, NotChecked::kRefused);
  EXPECT_EQ(row_of(result, "broken.test").reason, NotChecked::kUnreachable);
  EXPECT_EQ(row_of(result, "silent.test").reason, NotChecked::kUnreachable);
  EXPECT_EQ(row_of(result, "keyed.test").reason, NotChecked::kNeedsKey);
  for (const Listing& row : result.listings) EXPECT_EQ(row.state, ListingState::kNotChecked);
  for (const std::string& name : dns.asked) EXPECT_FALSE(name.ends_with("keyed.test")) << name;
}

TEST(Check, TakesNoErrorCodeForAListing) {
  FakeResolver dns;
  dns.add_working("bl.test");
  dns.add("25.2.0.192.bl.test", {"127.255.255.254", "127.0.0.2"});
  dns.add("26.2.0.192.bl.test", {"203.0.113.80"});
  const auto result =
      check_with(dns, options_for({"192.0.2.25", "192.0.2.26"}, {zone_named("bl.test")}));
  EXPECT_EQ(row_of(result, "bl.test").state, ListingState::kNotChecked);
  EXPECT_EQ(row_of(result, "bl.test").reason, NotChecked::kRefused);
  EXPECT_EQ(row_of(result, "bl.test", "192.0.2.26").reason, NotChecked::kParked);
}

TEST(Check, AcceptsTestEntriesWithOtherCodes) {
  FakeResolver dns;
  dns.add("2.0.0.127.a.test", {"127.0.0.15"});
  dns.add("2.0.0.127.b.test", {"127.0.0.99"});
  dns.add("25.2.0.192.b.test", {"127.0.0.4"});
  const auto result =
      check_with(dns, options_for({"192.0.2.25"}, {zone_named("a.test"), zone_named("b.test")}));
  EXPECT_EQ(row_of(result, "a.test").state, ListingState::kNotListed);
  EXPECT_EQ(row_of(result, "b.test").state, ListingState::kListed);
}

TEST(Check, ExplainsSeveralCodesInOrder) {
  FakeResolver dns;
  dns.add_working("bl.test");
  dns.add("25.2.0.192.bl.test", {"127.0.0.11", "127.0.0.3", "127.0.0.3"});
  Zone zone = zone_named("bl.test");
  zone.codes = {{"127.0.0.3", "style"}, {"127.0.0.10-127.0.0.11", "policy"}};
  zone.expires = "soon";
  zone.policy = "A list.";
  zone.delisting = "Ask.";
  zone.lookup_url = "https://bl.test/?ip={ip}";
  const auto result = check_with(dns, options_for({"192.0.2.25"}, {zone}));
  const Listing& row = row_of(result, "bl.test");
  EXPECT_THAT(row.codes, ElementsAre("127.0.0.3", "127.0.0.11"));
  EXPECT_THAT(row.meaning, ElementsAre("style", "policy"));
  EXPECT_EQ(row.lookup_url, "https://bl.test/?ip=192.0.2.25");
  EXPECT_EQ(row.expires_estimate, "soon");
  EXPECT_EQ(row.policy, "A list. Ask.");
}

TEST(Check, CountsWhiteAndYellowCodesAsNotListed) {
  FakeResolver dns;
  dns.add_working("karma.test");
  dns.add("25.2.0.192.karma.test", {"127.0.0.1"});
  dns.add("26.2.0.192.karma.test", {"127.0.0.1", "127.0.0.2"});
  Zone zone = zone_named("karma.test");
  zone.codes = {{"127.0.0.1", "white", false}, {"127.0.0.2", "black"}};
  const auto result = check_with(dns, options_for({"192.0.2.25", "192.0.2.26"}, {zone}));
  EXPECT_EQ(row_of(result, "karma.test").state, ListingState::kNotListed);
  EXPECT_THAT(row_of(result, "karma.test").meaning, ElementsAre("white"));
  EXPECT_EQ(row_of(result, "karma.test", "192.0.2.26").state, ListingState::kListed);
}

TEST(Check, HeedsAZonesOwnRefusalCodes) {
  FakeResolver dns;
  dns.add_working("white.test");
  dns.add("25.2.0.192.white.test", {"127.0.0.255"});
  Zone zone = zone_named("white.test");
  zone.codes = {
      {.answer = "127.0.0.255", .meaning = "blocked", .is_listing = false, .is_refusal = true}};
  const auto result = check_with(dns, options_for({"192.0.2.25"}, {zone}));
  EXPECT_EQ(row_of(result, "white.test").reason, NotChecked::kRefused);
}

TEST(Check, TestsBothFamiliesApart) {
  FakeResolver dns;
  dns.add_working("bl.test");
  dns.add("25.2.0.192.bl.test", {"127.0.0.2"});
  Zone both = zone_named("bl.test");
  both.ipv6 = true;
  const auto result =
      check_with(dns, options_for({"192.0.2.25", "2001:db8::1"}, {both, zone_named("v4.test")}));
  EXPECT_EQ(row_of(result, "bl.test").state, ListingState::kListed);
  EXPECT_EQ(row_of(result, "bl.test", "2001:db8::1").reason, NotChecked::kEmpty);
  for (const Listing& row : result.listings)
    EXPECT_FALSE(row.zone == "v4.test" && row.ip == "2001:db8::1");
}

TEST(Check, PutsTheSubscribersKeyBeforeTheZoneAndNowhereElse) {
  FakeResolver dns;
  dns.add("2.0.0.127.secret.keyed.test", {"127.0.0.2"});
  dns.add("25.2.0.192.secret.keyed.test", {"127.0.0.2"});
  Zone zone = zone_named("keyed.test");
  zone.needs_key = true;
  zone.key = "secret";
  const auto result = check_with(dns, options_for({"192.0.2.25"}, {zone}));
  EXPECT_EQ(row_of(result, "keyed.test").state, ListingState::kListed);
}

TEST(Check, BelievesNothingFromAResolverThatInventsAddresses) {
  FakeResolver dns;
  dns.rewrite_unknown_names();
  const auto result =
      check_with(dns, options_for({"192.0.2.25"}, {zone_named("a.test"), zone_named("b.test")}));
  ASSERT_THAT(result.errors, SizeIs(1));
  EXPECT_EQ(result.errors[0].path, "name server 192.0.2.53:53");
  EXPECT_THAT(result.errors[0].reason, HasSubstr("names that do not exist"));
  for (const Listing& row : result.listings) {
    EXPECT_EQ(row.state, ListingState::kNotChecked);
    EXPECT_EQ(row.reason, NotChecked::kParked);
  }
}

TEST(Check, GivesUpASilentServerWithOneError) {
  FakeResolver dns;
  dns.set_status_of_all(ReplyStatus::kSilent);
  dns.is_timing_out = false;
  std::vector<Zone> zones;
  for (int i = 0; i < 60; ++i) zones.push_back(zone_named("z" + std::to_string(i) + ".test"));
  const auto result = check_with(dns, options_for({"192.0.2.25", "192.0.2.26"}, zones));
  ASSERT_THAT(result.errors, SizeIs(1));
  EXPECT_EQ(result.errors[0].path, "name server 192.0.2.53:53");
  EXPECT_FALSE(result.errors[0].is_note);
  ASSERT_THAT(result.listings, SizeIs(120));
  for (const Listing& row : result.listings) EXPECT_EQ(row.reason, NotChecked::kUnreachable);
}

TEST(Check, GivesUpAClosedPortAtOnce) {
  FakeResolver dns;
  dns.set_status_of_all(ReplyStatus::kNoServer);
  const auto result = check_with(dns, options_for({"192.0.2.25"}, {zone_named("a.test")}));
  ASSERT_THAT(result.errors, SizeIs(1));
  EXPECT_EQ(row_of(result, "a.test").reason, NotChecked::kUnreachable);
}

TEST(Check, StopsAskingAZoneThatFallsSilent) {
  FakeResolver dns;
  dns.add_working("bl.test");
  dns.set_status(".bl.test", ReplyStatus::kSilent);
  dns.add("1.0.0.127.bl.test", {});
  std::vector<std::string> ips;
  for (int i = 10; i < 60; ++i) ips.push_back("192.0.2." + std::to_string(i));
  CheckOptions options = options_for(ips, {zone_named("bl.test")});
  options.max_in_flight = 1;
  const auto result = check_with(dns, options);
  for (const Listing& row : result.listings) EXPECT_EQ(row.reason, NotChecked::kUnreachable);
  EXPECT_LT(dns.asked.size(), 10u);
}

TEST(Check, KeepsWhatWasAnsweredWhenTheServerDies) {
  FakeResolver dns;
  dns.add_working("bl.test");
  dns.add("25.2.0.192.bl.test", {"127.0.0.2"});
  dns.is_timing_out = false;
  dns.set_status(".dead.test", ReplyStatus::kSilent);
  const auto result = check_with(
      dns, options_for({"192.0.2.25"}, {zone_named("bl.test"), zone_named("dead.test")}));
  EXPECT_EQ(row_of(result, "bl.test").state, ListingState::kListed);
  EXPECT_EQ(row_of(result, "dead.test").reason, NotChecked::kUnreachable);
}

TEST(Check, NeverHasMoreThanTwoHundredQuestionsOpen) {
  FakeResolver dns;
  std::vector<Zone> zones;
  std::vector<std::string> ips;
  for (int i = 0; i < 60; ++i) {
    zones.push_back(zone_named("z" + std::to_string(i) + ".test"));
    dns.add_working(zones.back().zone);
  }
  for (int i = 0; i < 8; ++i) ips.push_back("192.0.2." + std::to_string(i));
  CheckOptions options = options_for(ips, zones);
  options.max_in_flight = 5000;
  const auto result = check_with(dns, options);
  EXPECT_THAT(result.listings, SizeIs(480));
  for (const Listing& row : result.listings) EXPECT_EQ(row.state, ListingState::kNotListed);
  EXPECT_LE(dns.most_open, 200u);
}

TEST(Check, StopsWhenToldAndSaysWhatWasNotAsked) {
  FakeResolver dns;
  dns.is_timing_out = false;
  dns.set_status_of_all(ReplyStatus::kSilent);
  std::stop_source stop;
  dns.before_wait = [&] { stop.request_stop(); };
  const auto result =
      check_with(dns, options_for({"192.0.2.25"}, {zone_named("a.test")}), stop.get_token());
  EXPECT_EQ(row_of(result, "a.test").state, ListingState::kNotChecked);
  EXPECT_EQ(row_of(result, "a.test").reason, NotChecked::kNone);
  ASSERT_THAT(result.errors, SizeIs(1));
  EXPECT_TRUE(result.errors[0].is_note);
}

TEST(Check, NamesWhatIsNoAddressAndAsksAboutTheRest) {
  FakeResolver dns;
  dns.add_working("bl.test");
  const auto result = check_with(
      dns, options_for({"not-an-ip", "192.0.2.25", "192.0.2.25"}, {zone_named("bl.test")}));
  ASSERT_THAT(result.errors, SizeIs(1));
  EXPECT_EQ(result.errors[0].path, "not-an-ip");
  EXPECT_THAT(result.listings, SizeIs(1));
}

TEST(Check, SortsByAddressAndZone) {
  FakeResolver dns;
  const auto result = check_with(
      dns, options_for({"192.0.2.9", "192.0.2.10"}, {zone_named("b.test"), zone_named("a.test")}));
  std::vector<std::string> order;
  for (const Listing& row : result.listings) order.push_back(row.ip + ' ' + row.zone);
  EXPECT_THAT(order, ElementsAre("192.0.2.10 a.test", "192.0.2.10 b.test", "192.0.2.9 a.test",
                                 "192.0.2.9 b.test"));
}

TEST(Check, ReportsABadNameServerAsTheOneError) {
  CheckOptions options = options_for({"192.0.2.25"}, {zone_named("a.test")});
  options.nameserver = "127.0.0.1:notaport";
  const auto result = check(options);
  ASSERT_THAT(result.errors, SizeIs(1));
  EXPECT_EQ(result.errors[0].path, "127.0.0.1:notaport");
  EXPECT_EQ(row_of(result, "a.test").reason, NotChecked::kUnreachable);
}

TEST(ParseAddress, NamesTheTextThatIsNone) {
  EXPECT_EQ(*parse_address("2001:DB8::1"), "2001:db8::1");
  ASSERT_FALSE(parse_address("300.1.1.1").has_value());
  EXPECT_THAT(parse_address("300.1.1.1").error().message(), HasSubstr("300.1.1.1"));
}

}  // namespace
}  // namespace backscan::dnsbl

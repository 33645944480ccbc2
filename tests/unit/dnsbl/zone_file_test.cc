#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "dnsbl/zone.h"

namespace backscan::dnsbl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ZoneFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "backscan-zones-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string write(const std::string& text, const std::string& name = "zones.yaml") const {
    std::filesystem::create_directories(
        std::filesystem::path(directory_ + '/' + name).parent_path());
    std::ofstream(directory_ + '/' + name, std::ios::binary) << text;
    return directory_ + '/' + name;
  }

  /// "line: reason" of every error.
  std::vector<std::string> faults(const std::string& text, std::span<const DeadZone> dead = {}) {
    const std::string file = write(text);
    const auto zones = load_zones(file, dead);
    std::vector<std::string> out;
    if (zones) return out;
    for (const Error& error : zones.error()) {
      EXPECT_TRUE(error.object.starts_with(file)) << error.object;
      out.push_back(error.object.substr(std::min(file.size() + 1, error.object.size())) + ": " +
                    error.reason);
    }
    return out;
  }

  std::string directory_;
};

TEST_F(ZoneFile, NeedsNothingButTheZone) {
  const auto zones = load_zones(write("zones:\n  - zone: BL.example.\n"));
  ASSERT_TRUE(zones.has_value());
  ASSERT_THAT(*zones, SizeIs(1));
  EXPECT_EQ((*zones)[0].zone, "bl.example");
  EXPECT_EQ((*zones)[0].name, "bl.example");
  EXPECT_TRUE((*zones)[0].ipv4);
  EXPECT_TRUE((*zones)[0].ipv6);
  EXPECT_FALSE((*zones)[0].are_families_told);
}

TEST_F(ZoneFile, ReadsEveryField) {
  const auto zones = load_zones(write(R"(zones:
  - zone: bl.example
    name: Example
    set: extended
    families: [ipv6]
    scope: asn
    causes: [bounce, callout]
    codes:
      "127.0.0.2": bad
      "127.0.1.": {kind: other, meaning: fair}
      "127.0.0.255": {kind: refused, meaning: go away}
    informational: true
    needs_key: true
    key: AbC1
    lookup: "https://bl.example/?ip={ip}"
    delist: "http://bl.example/"
    expires: some day
    expires_after: 28d
    delisting: ask
    policy: a list
    evidence: {mark: P, date: 2026-11}
)"));
  ASSERT_TRUE(zones.has_value()) << zones.error()[0].message();
  const Zone& zone = (*zones)[0];
  EXPECT_FALSE(zone.ipv4);
  EXPECT_TRUE(zone.ipv6);
  EXPECT_EQ(zone.scope, ListingScope::kAsn);
  EXPECT_THAT(zone.causes, ElementsAre(Cause::kBounce, Cause::kCallout));
  ASSERT_THAT(zone.codes, SizeIs(3));
  EXPECT_TRUE(zone.codes[0].is_listing);
  EXPECT_FALSE(zone.codes[1].is_listing);
  EXPECT_EQ(zone.codes[1].meaning, "fair");
  EXPECT_TRUE(zone.codes[2].is_refusal);
  EXPECT_EQ(zone.key, "abc1");
  EXPECT_EQ(zone.expires_after, std::chrono::hours(28 * 24));
  EXPECT_EQ(zone.evidence, "P 2026-11");
  EXPECT_TRUE(zone.is_informational);
}

TEST_F(ZoneFile, NamesTheLineOfEveryFault) {
  EXPECT_THAT(faults("zones:\n  - zone: a.example\n    colour: red\n"),
              ElementsAre("3: unknown key \"colour\""));
  EXPECT_THAT(faults("zones:\n  - zone: a.example\n    zone: b.example\n"),
              ElementsAre("3: repeated key \"zone\""));
  EXPECT_THAT(faults("zones:\n  - zone: a.example\n\n  - zone: a.example\n"),
              ElementsAre("4: zone a.example is already on line 2"));
  EXPECT_THAT(faults("zones:\n  - name: x\n"), ElementsAre("2: an entry has no \"zone\""));
  EXPECT_THAT(faults("zones:\n  - zone: a..example\n"),
              ElementsAre(HasSubstr("2: a..example: not")));
  EXPECT_THAT(
      faults("zones:\n  - zone: a.example\n    families: [ipx]\n    causes: [joy]\n"),
      ElementsAre(HasSubstr("3: unknown family \"ipx\""), HasSubstr("4: unknown cause \"joy\"")));
  EXPECT_THAT(faults("zones:\n  - zone: a.example\n    codes: {\"10.0.0.1\": x}\n"),
              ElementsAre(HasSubstr("3: \"10.0.0.1\" is no address")));
  EXPECT_THAT(faults("zones:\n  - zone: a.example\n    codes: {\"127.0.0.2\": {kind: maybe}}\n"),
              ElementsAre(HasSubstr("unknown kind"), HasSubstr("no meaning")));
  EXPECT_THAT(faults("zones:\n  - zone: a.example\n    needs_key: maybe\n"),
              ElementsAre(HasSubstr("3: \"needs_key\" must be true or false")));
  EXPECT_THAT(faults("zones:\n  - zone: a.example\n    expires_after: soon\n    scope: world\n"),
              SizeIs(2));
  EXPECT_THAT(faults("zones:\n  - zone: a.example\n    lookup: \"javascript:alert(1)\"\n"),
              ElementsAre(HasSubstr("no http or https address")));
}

TEST_F(ZoneFile, KeepsAKeyOutOfItsErrors) {
  const auto found = faults("zones:\n  - zone: a.example\n    key: \"top secret\"\n");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0], ::testing::Not(HasSubstr("secret")));
}

TEST_F(ZoneFile, SurvivesFilesThatAreNoZoneLists) {
  for (const char* text :
       {"", "zones:", "zones: 3", "zones: []", "- a", "zones:\n  - a.example\n", "zones: [[", "\t",
        "zones:\n  - {zone: [a]}\n", "? [a]\n: b\n", "zones: &a [*a]", "\x00\xff\xfe", "lists: []"})
    EXPECT_THAT(faults(text), ::testing::Not(IsEmpty())) << text;
  EXPECT_THAT(faults("zones:\n  - " + std::string(100'000, '[')), ::testing::Not(IsEmpty()));
  ASSERT_FALSE(load_zones(directory_ + "/missing.yaml").has_value());
  EXPECT_EQ(load_zones(directory_ + "/missing.yaml").error()[0].message(),
            directory_ + "/missing.yaml: No such file or directory");
  EXPECT_FALSE(load_zones(directory_).has_value());
}

TEST_F(ZoneFile, RefusesDeadZonesWithTheReasonUnlessTold) {
  const std::vector<DeadZone> dead = {{"gone.example", true, "2024-06-05", "closed"}};
  const auto found = faults("zones:\n  - zone: spam.gone.example\n", dead);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0], HasSubstr("2: spam.gone.example must not be asked (2024-06-05): closed"));
  EXPECT_THAT(faults("zones:\n  - zone: spam.gone.example\n    allow_dead: true\n", dead),
              IsEmpty());
}

class ZoneChoiceTest : public ZoneFile {
 protected:
  static ZoneChoice shipped() {
    return {.signatures_directory = std::string(BACKSCAN_SOURCE_DIR) + "/signatures"};
  }
  static const Zone* find(const Loaded<Zone>& zones, std::string_view name) {
    for (const Zone& zone : *zones)
      if (zone.zone == name) return &zone;
    return nullptr;
  }
};

TEST_F(ZoneChoiceTest, ShipsACoreAndAnExtendedSet) {
  const auto core = choose_zones(shipped());
  ASSERT_TRUE(core.has_value()) << core.error()[0].message();
  EXPECT_GE(core->size(), 16u);
  for (const Zone& zone : *core) EXPECT_FALSE(zone.needs_key) << zone.zone;
  ZoneChoice all = shipped();
  all.with_extended = true;
  const auto every = choose_zones(all);
  ASSERT_TRUE(every.has_value());
  EXPECT_GT(every->size(), core->size());
  for (const Zone& zone : *every) {
    EXPECT_FALSE(zone.causes.empty()) << zone.zone;
    EXPECT_FALSE(zone.codes.empty()) << zone.zone;
    EXPECT_FALSE(zone.lookup_url.empty()) << zone.zone;
    EXPECT_GE(zone.evidence.size(), 9u) << zone.zone << ": mark and date";
    EXPECT_TRUE(zone.scope == ListingScope::kAddress || zone.is_informational) << zone.zone;
  }
}

TEST_F(ZoneChoiceTest, KnowsWhatBackscattererListsFor) {
  const auto zones = choose_zones(shipped());
  ASSERT_TRUE(zones.has_value());
  const Zone* zone = find(zones, "ips.backscatterer.org");
  ASSERT_NE(zone, nullptr);
  EXPECT_THAT(zone->causes, ElementsAre(Cause::kBounce, Cause::kAutoreply, Cause::kCallout));
  EXPECT_EQ(zone->expires_after, std::chrono::hours(28 * 24));
  EXPECT_THAT(zone->expires, HasSubstr("four weeks after the last bounce"));
  EXPECT_THAT(zone->policy, HasSubstr("SAFE MODE"));
}

TEST_F(ZoneChoiceTest, FillsInWhatAUsersFileDoesNotSay) {
  ZoneChoice choice = shipped();
  choice.zones_file = write(
      "zones:\n"
      "  - zone: ips.backscatterer.org\n"
      "  - zone: combined.mail.abusix.zone\n    key: k123\n"
      "  - zone: own.example\n    name: Our own\n");
  const auto zones = choose_zones(choice);
  ASSERT_TRUE(zones.has_value()) << zones.error()[0].message();
  ASSERT_THAT(*zones, SizeIs(3));
  EXPECT_EQ(find(zones, "ips.backscatterer.org")->name, "Backscatterer");
  EXPECT_FALSE(find(zones, "ips.backscatterer.org")->ipv6);
  EXPECT_EQ(find(zones, "combined.mail.abusix.zone")->key, "k123");
  EXPECT_FALSE(find(zones, "combined.mail.abusix.zone")->codes.empty());
  EXPECT_EQ(find(zones, "own.example")->name, "Our own");
}

TEST_F(ZoneChoiceTest, AddsFilesAndTheSitesOwn) {
  ZoneChoice choice = shipped();
  const std::size_t shipped_count = choose_zones(choice)->size();
  choice.site_directory = directory_ + "/zones.d";
  choice.add_files = {write("zones:\n  - zone: added.example\n")};
  write("zones:\n  - zone: site.example\n", "zones.d/10-site.yaml");
  write("not yaml: [", "zones.d/README");
  const auto zones = choose_zones(choice);
  ASSERT_TRUE(zones.has_value()) << zones.error()[0].message();
  EXPECT_EQ(zones->size(), shipped_count + 2);
  EXPECT_NE(find(zones, "site.example"), nullptr);
  EXPECT_TRUE(std::ranges::is_sorted(*zones, {}, &Zone::zone));
}

TEST_F(ZoneChoiceTest, RefusesShippedDeadZonesInAUsersFile) {
  ZoneChoice choice = shipped();
  choice.zones_file = write("zones:\n  - zone: ok.example\n  - zone: spam.dnsbl.sorbs.net\n");
  const auto zones = choose_zones(choice);
  ASSERT_FALSE(zones.has_value());
  EXPECT_THAT(zones.error()[0].message(), HasSubstr(":3: spam.dnsbl.sorbs.net must not be asked"));
}

}  // namespace
}  // namespace backscan::dnsbl

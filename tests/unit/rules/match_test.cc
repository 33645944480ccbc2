// What each word of `when` means, where matches stand, and what one finding a place is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/rules/rule_dir.h"

namespace backscan::rules::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The offsets at which the one rule `when` is found in `raw`.
std::vector<Offset> begins(const std::string& when, std::string_view raw,
                           std::string_view path = "a.php") {
  RuleDir dir;
  dir.add("mailer/x", when);
  const RuleSet rules = dir.load();
  std::vector<Offset> offsets;
  for (const Match& match : match_raw(rules, raw, path)) offsets.push_back(match.place.begin);
  return offsets;
}

TEST(Match, RawPatternStandsAtEachOfItsPlaces) {
  EXPECT_THAT(begins("{ raw: 'ma[i1]l' }", "mail x ma1l MAIL"), ElementsAre(0, 7));
  EXPECT_THAT(begins("{ raw: '(?i)mail' }", "mail x MAIL"), ElementsAre(0, 7));
}

TEST(Match, PatternsAreOverBytes) {
  EXPECT_THAT(begins("{ raw: 'a.b\\xff' }",
                     "..a\xff"
                     "b\xff"),
              ElementsAre(2));
  EXPECT_THAT(begins("{ raw: 'a.b' }", "a\nb"), IsEmpty());
  EXPECT_THAT(begins("{ raw: '(?s)a.b' }", "a\nb"), ElementsAre(0));
  EXPECT_THAT(begins("{ raw: '^abcd' }", "x\nabcd"), IsEmpty());
  EXPECT_THAT(begins("{ raw: '(?m)^abcd$' }", "x\nabcd\ny"), ElementsAre(2));
  EXPECT_THAT(begins("{ raw: 'ab\\x00cd' }", std::string_view("ab\0cd", 5)), ElementsAre(0));
}

TEST(Match, AllNeedsEveryConditionAndStandsAtTheFirstWithAPlace) {
  const std::string when = "{ all: [ { path: 'php$' }, { raw: bbbb }, { raw: aaaa } ] }";
  EXPECT_THAT(begins(when, "aaaa bbbb"), ElementsAre(5));
  EXPECT_THAT(begins(when, "aaaa"), IsEmpty());
  EXPECT_THAT(begins(when, "aaaa bbbb", "a.txt"), IsEmpty());
}

// Only the rarest wakes the rule; the others are asked for when it has, one by itself and then the rest
// in one pass (Watch::kLate).
TEST(Match, PatternsThatNobodyWatchesForAreFoundWhereTheyStand) {
  const std::string when =
      "{ all: [ { raw: zyxwvu_rarest_of_all }, { raw: second_word }, { raw: third_word }, "
      "{ any: [ { raw: fourth_word }, { raw: fifth_word } ] }, { not: { raw: sixth_word } } ] }";
  const std::string_view held = "second_word third_word fifth_word zyxwvu_rarest_of_all";
  EXPECT_THAT(begins(when, held), ElementsAre(34));
  EXPECT_THAT(begins(when, std::string(held) + " sixth_word"), IsEmpty());
  EXPECT_THAT(begins(when, "second_word fifth_word zyxwvu_rarest_of_all"), IsEmpty());
  EXPECT_THAT(begins(when, "second_word third_word zyxwvu_rarest_of_all"), IsEmpty());
}

TEST(Match, AnyStandsAtEveryConditionThatHolds) {
  const std::string when = "{ any: [ { raw: bbbb }, { raw: aaaa }, { raw: cccc } ] }";
  EXPECT_THAT(begins(when, "aaaa bbbb"), ElementsAre(0, 5));
  EXPECT_THAT(begins(when, "dddd"), IsEmpty());
}

TEST(Match, NotTurnsAround) {
  const std::string when = "{ all: [ { raw: aaaa }, { not: { raw: 'b{4}' } } ] }";
  EXPECT_THAT(begins(when, "aaaa bbb"), ElementsAre(0));
  EXPECT_THAT(begins(when, "aaaa bbbb"), IsEmpty());
}

TEST(Match, AtLeastCountsConditions) {
  const std::string when =
      "{ at_least: { n: 2, of: [ { raw: aaaa }, { raw: bbbb }, { raw: cccc } ] } }";
  EXPECT_THAT(begins(when, "cccc bbbb"), ElementsAre(0, 5));
  EXPECT_THAT(begins(when, "cccc cccc"), IsEmpty());
}

TEST(Match, NearWantsBeginsCloseTogetherInAnyOrder) {
  const std::string when = "{ near: { bytes: 10, of: [ { raw: aaaa }, { raw: bbbb } ] } }";
  EXPECT_THAT(begins(when, "bbbb 6789aaaa"), ElementsAre(0));
  EXPECT_THAT(begins(when, "bbbb 6789 1aaaa"), IsEmpty());
  EXPECT_THAT(
      begins(when, "aaaa" + std::string(100, '.') + "bbbbaaaa" + std::string(50, '.') + "aaaabbbb"),
      ElementsAre(104, 162));
}

TEST(Match, CountWantsPlacesWithoutOverlap) {
  const std::string when = "{ count: { min: 3, of: { raw: aaaa } } }";
  EXPECT_THAT(begins(when, "aaaa aaaa aaaaa"), ElementsAre(0, 5, 10));
  EXPECT_THAT(begins(when, "aaaa aaaaaa"), IsEmpty());
}

TEST(Match, CountGoesBeyondThePlacesThatAreReported) {
  std::string raw;
  for (int i = 0; i < 49; ++i) raw += "aaaa ";
  const std::string when = "{ count: { min: 50, of: { raw: aaaa } } }";
  EXPECT_THAT(begins(when, raw), IsEmpty());
  EXPECT_EQ(begins(when, raw + "aaaa").size(), 20u);
}

TEST(Match, SizeIsOfTheFileOnDisk) {
  const std::string when = "{ all: [ { raw: aaaa }, { size: { min: 6, max: 8 } } ] }";
  EXPECT_THAT(begins(when, "aaaa."), IsEmpty());
  EXPECT_THAT(begins(when, "aaaa.."), ElementsAre(0));
  EXPECT_THAT(begins(when, "aaaa....."), IsEmpty());
}

TEST(Match, RulesOfPathOrSizeAloneAreAboutTheFile) {
  RuleDir dir;
  dir.add("place/path", "{ path: '(?i)uploads/.*\\.php$' }");
  dir.add("place/size", "{ size: { min: 5 } }", "slow: true\n");
  dir.add("place/absent", "{ not: { raw: aaaa } }", "slow: true\n");
  const RuleSet rules = dir.load();
  const auto matches = match_raw(rules, "12345", "wp/Uploads/x.php");
  EXPECT_THAT(ids_of(rules, matches), ElementsAre("place/absent", "place/path", "place/size"));
  for (const Match& match : matches) {
    EXPECT_EQ(match.place, Span{});
    EXPECT_EQ(match.view, ViewKind::kPath);
    EXPECT_EQ(match.excerpt_text, "wp/Uploads/x.php");
  }
  EXPECT_THAT(ids_of(rules, match_raw(rules, "aaaa", "x.php")), IsEmpty());
}

TEST(Match, OneRuleReportsAtMostTwentyPlaces) {
  std::string raw;
  for (int i = 0; i < 100; ++i) raw += "aaaa ";
  EXPECT_EQ(begins("{ raw: aaaa }", raw).size(), 20u);
}

TEST(Match, OverlappingPlacesOfOneRuleAreOne) {
  EXPECT_THAT(begins("{ any: [ { raw: 'aaaa bbbb' }, { raw: bbbb } ] }", "aaaa bbbb bbbb"),
              ElementsAre(0, 10));
}

TEST(Match, IsForgottenWithTheNextFile) {
  RuleDir dir;
  dir.add("mailer/x", "{ all: [ { raw: aaaa }, { raw: bbbb } ] }");
  const RuleSet rules = dir.load();
  Matcher matcher(rules);
  std::vector<Match> matches;
  for (const std::string_view raw : {"aaaa", "bbbb", "aaaa"}) {
    matcher.begin("a.php", raw.size());
    matcher.scan({.kind = ViewKind::kRaw, .text = raw});
    EXPECT_TRUE(matcher.finish(matches).has_value());
    EXPECT_THAT(matches, IsEmpty());
  }
}

/// A matcher over one rule, fed by hand.
struct Fed {
  explicit Fed(const std::string& when) {
    dir.add("mailer/x", when);
    rules.emplace(dir.load());
    matcher.emplace(*rules);
    matcher->begin("a.php", 1000);
  }
  std::vector<Match> finish() {
    std::vector<Match> matches;
    EXPECT_TRUE(matcher->finish(matches).has_value());
    return matches;
  }
  RuleDir dir;
  std::optional<RuleSet> rules;
  std::optional<Matcher> matcher;
};

TEST(Match, ViewsAreMappedToTheFile) {
  Fed fed("{ code: 'mail\\(' }");
  OffsetMap map;
  map.add(0, 100);
  map.add(4, 200);
  fed.matcher->scan({.kind = ViewKind::kRaw, .text = "mail("});
  fed.matcher->scan({ViewKind::kCode, "x=1;mail($to)", &map}, 0, {});
  fed.matcher->scan({ViewKind::kText, "mail(", nullptr}, 0, {});
  const auto matches = fed.finish();
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].place, (Span{200, 205}));
  EXPECT_EQ(matches[0].view, ViewKind::kCode);
  EXPECT_EQ(matches[0].excerpt_text, "x=1;mail($to)");
  EXPECT_EQ(matches[0].excerpt_place, (Span{4, 9}));
}

TEST(Match, LayersAreReportedWhereTheirPackedTextStands) {
  Fed fed("{ any: [ { code: 'mail\\(' }, { unpacked: hello } ] }");
  fed.matcher->scan({.kind = ViewKind::kRaw, .text = "hello"});
  fed.matcher->scan({ViewKind::kCode, "no sink", nullptr}, 0, {});
  fed.matcher->scan({ViewKind::kUnpacked, "hello", nullptr}, 1, {10, 90});
  fed.matcher->scan({ViewKind::kCode, "mail(", nullptr}, 2, {500, 600});
  const auto matches = fed.finish();
  ASSERT_EQ(matches.size(), 2u);
  EXPECT_EQ(matches[0].place, (Span{10, 90}));
  EXPECT_EQ(matches[0].layer, 1u);
  EXPECT_EQ(matches[0].view, ViewKind::kUnpacked);
  EXPECT_EQ(matches[1].place, (Span{500, 600}));
  EXPECT_EQ(matches[1].layer, 2u);
}

TEST(Match, ConditionsMayHoldInDifferentLayers) {
  Fed fed("{ all: [ { code: aaaa }, { text: bbbb } ] }");
  fed.matcher->scan({.kind = ViewKind::kRaw, .text = ""});
  fed.matcher->scan({ViewKind::kCode, "aaaa", nullptr}, 1, {10, 90});
  fed.matcher->scan({ViewKind::kText, "bbbb", nullptr}, 2, {10, 90});
  EXPECT_EQ(fed.finish().size(), 1u);
}

TEST(Match, NearStaysInsideOneText) {
  Fed fed("{ near: { bytes: 50, of: [ { code: aaaa }, { code: bbbb } ] } }");
  fed.matcher->scan({.kind = ViewKind::kRaw, .text = ""});
  fed.matcher->scan({ViewKind::kCode, "aaaa", nullptr}, 0, {});
  fed.matcher->scan({ViewKind::kCode, "bbbb", nullptr}, 1, {10, 90});
  EXPECT_THAT(fed.finish(), IsEmpty());
}

TEST(Match, FactsOfOneGroupSpeakOfOneSink) {
  const std::string when =
      "{ all: [ { fact: mail.recipient.request }, { not: { fact: mail.guard.login } } ] }";
  {
    Fed fed(when);
    const std::vector<Fact> facts = {
        {.name = "mail.recipient.request", .place = {10, 20}, .group = 1, .sink = "mail()"},
        {.name = "mail.guard.login", .place = {5, 6}, .group = 1},
        {.name = "mail.recipient.request", .place = {30, 40}, .group = 2, .sink = "wp_mail()"},
    };
    fed.matcher->add_facts(facts);
    const auto matches = fed.finish();
    ASSERT_EQ(matches.size(), 1u);
    EXPECT_EQ(matches[0].place, (Span{30, 40}));
    EXPECT_EQ(matches[0].view, ViewKind::kFlow);
    ASSERT_NE(matches[0].fact, nullptr);
    EXPECT_EQ(matches[0].fact->sink, "wp_mail()");
  }
  {
    Fed fed(when);
    const std::vector<Fact> facts = {
        {.name = "mail.recipient.request", .place = {10, 20}, .group = 1},
        {.name = "mail.recipient.request", .place = {30, 40}, .group = 2},
        {.name = "mail.guard.login", .place = {5, 6}, .group = 0},
    };
    fed.matcher->add_facts(facts);
    EXPECT_THAT(fed.finish(), IsEmpty());
  }
}

TEST(Match, FactsOfTwoGroupsDoNotAddUp) {
  Fed fed("{ all: [ { fact: mail.recipient.request }, { fact: mail.loop } ] }");
  const std::vector<Fact> facts = {
      {.name = "mail.recipient.request", .place = {10, 20}, .group = 1},
      {.name = "mail.loop", .place = {30, 40}, .group = 2},
  };
  fed.matcher->add_facts(facts);
  EXPECT_THAT(fed.finish(), IsEmpty());
}

TEST(Match, FileFactsWithoutAPlaceAreAboutTheFile) {
  Fed fed("{ all: [ { fact: file.php-in-uploads }, { raw: aaaa } ] }");
  fed.matcher->scan({.kind = ViewKind::kRaw, .text = "..aaaa"});
  const std::vector<Fact> facts = {{.name = "file.php-in-uploads"}};
  fed.matcher->add_facts(facts);
  const auto matches = fed.finish();
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].place.begin, 2u);
  EXPECT_EQ(matches[0].fact, facts.data());
}

TEST(Match, CountsFactsOfTheWholeFile) {
  Fed fed("{ count: { min: 2, of: { fact: mail.sink } } }");
  const std::vector<Fact> facts = {
      {.name = "mail.sink", .place = {10, 20}, .group = 1},
      {.name = "mail.sink", .place = {30, 40}, .group = 2},
  };
  fed.matcher->add_facts(std::span(facts).first(1));
  EXPECT_THAT(fed.finish(), IsEmpty());
  fed.matcher->begin("a.php", 10);
  fed.matcher->add_facts(facts);
  EXPECT_EQ(fed.finish().size(), 2u);
}

}  // namespace
}  // namespace backscan::rules::testing

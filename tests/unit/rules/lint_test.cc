// What `rules check` finds wrong with rules that load.
#include "rules/lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/rule_files.h"
#include "unit/rules/rule_dir.h"

namespace backscan::rules::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kComplete =
    "message: m\nremedy: r\nfalse_positives: f\nreferences: [CWE-1]\ncauses: [spam]\n"
    "author: a\ndate: 2026-11-24\n";

std::vector<std::string> notes(const std::string& when, const std::string& more = kComplete) {
  RuleDir dir;
  dir.add("mailer/x", when, more);
  const std::vector<std::string> directories = {dir.path()};
  const auto rules = read_rules(directories);
  std::vector<std::string> reasons;
  if (!rules) return {"does not load: " + rules.error().front().message()};
  for (const Error& note : lint_rules(*rules)) reasons.push_back(note.reason);
  return reasons;
}

TEST(Lint, LeavesSoundRulesAlone) {
  EXPECT_THAT(notes("{ code: 'base64_decode\\(' }"), IsEmpty());
  EXPECT_THAT(notes("{ fact: mail.recipient.request }"), IsEmpty());
  EXPECT_THAT(notes("{ path: 'uploads/.*\\.php$' }"), IsEmpty());
  EXPECT_THAT(notes("{ raw: '[A-Za-z0-9+/]{700,}' }"), IsEmpty());
  EXPECT_THAT(notes("{ all: [ { raw: 'x' }, { raw: gzinflate } ] }"), IsEmpty());
}

TEST(Lint, RefusesRulesThatWouldRunOnEveryFile) {
  EXPECT_THAT(notes("{ code: '\\$[a-z]=' }"), ElementsAre(HasSubstr("for most files")));
  EXPECT_THAT(notes("{ any: [ { raw: gzinflate }, { raw: 'abc' } ] }"),
              ElementsAre(HasSubstr("pattern 'abc' needs no literal")));
  EXPECT_THAT(notes("{ not: { raw: gzinflate } }"), ElementsAre(HasSubstr("for every file")));
  EXPECT_THAT(notes("{ size: { min: 10 } }"), ElementsAre(HasSubstr("for every file")));
  EXPECT_THAT(notes("{ any: [ { raw: gzinflate }, { not: { raw: abcd } } ] }"),
              ElementsAre(HasSubstr("for every file")));
  EXPECT_THAT(notes("{ not: { raw: gzinflate } }", std::string(kComplete) + "slow: true\n"),
              IsEmpty());
}

TEST(Lint, RefusesLeadingWideRepeats) {
  EXPECT_THAT(notes("{ raw: '.{0,60}gzinflate' }"), ElementsAre(HasSubstr("wide repeat")));
  EXPECT_THAT(notes("{ all: [ { raw: gzinflate }, { raw: '\\w+evaluate' } ] }"),
              ElementsAre(HasSubstr("wide repeat")));
}

TEST(Lint, WantsCompleteMetadata) {
  EXPECT_THAT(notes("{ raw: gzinflate }", ""),
              ElementsAre("missing key 'message'", "missing key 'remedy'",
                          "missing key 'false_positives'", "missing key 'references'",
                          "missing key 'causes'", "missing key 'author'", "missing key 'date'"));
}

TEST(Lint, FindsDoubles) {
  RuleDir dir;
  dir.add("mailer/x", "{ any: [ { raw: gzinflate }, { raw: gzdeflate } ] }", kComplete);
  dir.add("mailer/y", "{ any: [ { raw: gzinflate }, { raw: gzdeflate } ] }", kComplete);
  dir.add("mailer/z", "{ all: [ { raw: gzinflate }, { raw: gzdeflate } ] }", kComplete);
  const std::vector<std::string> directories = {dir.path()};
  const auto rules = read_rules(directories);
  ASSERT_TRUE(rules.has_value());
  const auto found = lint_rules(*rules);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0].message(), HasSubstr("mailer/y.yaml:13: the same conditions as mailer/x"));
}

TEST(Lint, AWideRepeatAtTheBeginOfTheTextCostsNothing) {
  EXPECT_THAT(notes("{ raw: '(?s)\\A.{26}gzinflate' }", kComplete), IsEmpty());
  EXPECT_THAT(notes("{ raw: '(?s).{0,26}gzinflate' }", kComplete), ElementsAre(HasSubstr("wide repeat")));
}

TEST(Lint, FindsPatternsThatAreEnoughForTwoRules) {
  RuleDir dir;
  dir.add("mailer/x", "{ any: [ { raw: gzinflate }, { raw: gzdeflate } ] }", kComplete);
  dir.add("mailer/y", "{ raw: gzinflate }", kComplete);
  dir.add("mailer/z", "{ all: [ { raw: gzinflate }, { raw: strrev } ] }", kComplete);
  dir.add("mailer/zz", "{ code: gzinflate }", kComplete);
  const std::vector<std::string> directories = {dir.path()};
  const auto rules = read_rules(directories);
  ASSERT_TRUE(rules.has_value());
  const auto found = lint_rules(*rules);
  ASSERT_EQ(found.size(), 1u) << "all of several, and another view, are other things";
  EXPECT_THAT(found[0].message(),
              HasSubstr("mailer/y.yaml:13: the pattern 'gzinflate' is enough for mailer/x, too"));
}

TEST(Lint, WantsAHitAndAnOkForEachRule) {
  RuleDir dir;
  dir.add("mailer/x", "{ raw: gzinflate }");
  const std::vector<std::string> directories = {dir.path()};
  const auto rules = read_rules(directories);
  ASSERT_TRUE(rules.has_value());
  const std::vector<FixtureFile> fixtures = {
      {.path = "f.php",
       .relative_path = {},
       .text = {},
       .expectations = read_annotations("// hit: mailer/x, mailer/gone\nx\n")}};
  std::vector<std::string> reasons;
  for (const Error& note : lint_coverage(*rules, coverage_of(fixtures)))
    reasons.push_back(note.reason);
  EXPECT_THAT(reasons, ElementsAre("no fixture says 'ok: mailer/x'"));
  const auto unknown = lint_annotations(*rules, fixtures);
  ASSERT_EQ(unknown.size(), 1u);
  EXPECT_EQ(unknown[0].message(), "f.php:1: no rule of the id mailer/gone");
}

}  // namespace
}  // namespace backscan::rules::testing

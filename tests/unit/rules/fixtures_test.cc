// What fixtures say of themselves, and how that is compared with what was seen in them.
#include "rules/fixtures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/rules/rule_dir.h"

namespace backscan::rules::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> list;
  for (const Expectation& e : read_annotations(text))
    list.push_back((e.is_todo ? "todo-" : "") + std::string(e.is_hit ? "hit " : "ok ") + e.rule +
                   " " + std::to_string(e.line));
  return list;
}

TEST(Fixtures, ReadsAnnotationsInEveryCommentStyle) {
  EXPECT_THAT(words("<?php\n// hit: mailer/a\nmail();\n# ok: mailer/b\nx();\n"
                    "/* hit: mailer/c */\ny();\n * ok: mailer/d\nz();\n"),
              ElementsAre("hit mailer/a 3", "ok mailer/b 5", "hit mailer/c 7", "ok mailer/d 9"));
  EXPECT_THAT(words("; hit: carrier/a\nk = v\n<!-- ok: carrier/b -->\n<p>\n"),
              ElementsAre("hit carrier/a 2", "ok carrier/b 4"));
}

TEST(Fixtures, ReadsSeveralIdsAndStopsAtProse) {
  EXPECT_THAT(words("// hit: mailer/a, mailer/b mailer/c since it loops over/under\nx\n"),
              ElementsAre("hit mailer/a 2", "hit mailer/b 2", "hit mailer/c 2"));
}

TEST(Fixtures, SpeaksOfTheNextLineThatIsNeitherBlankNorAnAnnotation) {
  EXPECT_THAT(words("// hit: mailer/a\n// ok: mailer/b\n\n  \nx\n"),
              ElementsAre("hit mailer/a 5", "ok mailer/b 5"));
}

TEST(Fixtures, KeepsKnownGapsApart) {
  EXPECT_THAT(words("// todo-hit: mailer/a\nx\n// todo-ok: mailer/b\ny\n"),
              ElementsAre("todo-hit mailer/a 2", "todo-ok mailer/b 4"));
}

TEST(Fixtures, IgnoresWhatIsNoAnnotation) {
  EXPECT_THAT(words("$a = 'hit: mailer/a';\n// looks ok: yes\n// whohit: mailer/a\n"), IsEmpty());
}

TEST(Fixtures, ExpectFilesSpeakOfTheWholeFile) {
  const auto read = read_expect_file("# a picture\nhit: carrier/a\nok: carrier/b\n");
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].line, 0u);
  const auto bad = read_expect_file("hit: carrier/a\nhits: carrier/b\n");
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().object, "2");
}

std::vector<std::string> judged(std::string_view text, const std::vector<Seen>& seen,
                                FixtureReport* report = nullptr) {
  FixtureReport own;
  FixtureReport& used = report == nullptr ? own : *report;
  judge_fixture(
      {.path = "f.php", .relative_path = {}, .text = {}, .expectations = read_annotations(text)},
      seen, used);
  std::vector<std::string> failures;
  for (const Error& failure : used.failures) failures.push_back(failure.message());
  return failures;
}

TEST(Fixtures, FailsAHitThatIsMissingOrElsewhere) {
  EXPECT_THAT(judged("// hit: mailer/a\nx\n", {{"mailer/a", 2}}), IsEmpty());
  EXPECT_THAT(judged("// hit: mailer/a\nx\n", {}), ElementsAre("f.php:2: mailer/a does not fire"));
  EXPECT_THAT(judged("// hit: mailer/a\nx\n", {{"mailer/a", 7}}),
              ElementsAre("f.php:2: mailer/a does not fire; it fires at line 7"));
  EXPECT_THAT(judged("// hit: mailer/a\nx\n", {{"mailer/b", 2}}),
              ElementsAre("f.php:2: mailer/a does not fire"));
}

TEST(Fixtures, FailsAnOkThatFires) {
  EXPECT_THAT(judged("// ok: mailer/a\nx\n", {{"mailer/a", 3}}), IsEmpty());
  EXPECT_THAT(judged("// ok: mailer/a\nx\n", {{"mailer/a", 2}}),
              ElementsAre("f.php:2: mailer/a fires here and must not"));
}

TEST(Fixtures, FindingsAboutTheFileCountForEveryLine) {
  EXPECT_THAT(judged("// hit: place/a\nx\n", {{"place/a", 0}}), IsEmpty());
  EXPECT_THAT(judged("// ok: place/a\nx\n", {{"place/a", 0}}),
              ElementsAre("f.php:2: place/a fires here and must not"));
}

TEST(Fixtures, KnownGapsFailOnlyWhenTheyAreMended) {
  FixtureReport report;
  EXPECT_THAT(judged("// todo-hit: mailer/a\nx\n", {}, &report), IsEmpty());
  ASSERT_EQ(report.gaps.size(), 1u);
  EXPECT_THAT(judged("// todo-hit: mailer/a\nx\n", {{"mailer/a", 2}}),
              ElementsAre(HasSubstr("'todo' is done")));
}

TEST(Fixtures, LieBelowTheirRuleAndAreScannedBelowTheirRoot) {
  RuleDir dir;
  dir.write("mailer/a.php", "<?php\n// hit: mailer/a\nx\n");
  dir.write("place/b/wp/uploads/c.php", "<?php\n");
  dir.write("carrier/p.jpg", "\xff\xd8");
  dir.write("carrier/p.jpg.expect", "hit: carrier/p\n");
  std::vector<Error> errors;
  const auto fixtures = read_fixtures(dir.path(), errors);
  EXPECT_THAT(errors, IsEmpty());
  ASSERT_EQ(fixtures.size(), 3u);
  EXPECT_EQ(fixtures[0].relative_path, "p.jpg");
  EXPECT_EQ(fixtures[0].expectations.size(), 1u);
  EXPECT_EQ(fixtures[1].relative_path, "a.php");
  EXPECT_EQ(fixtures[2].relative_path, "wp/uploads/c.php");
}

}  // namespace
}  // namespace backscan::rules::testing

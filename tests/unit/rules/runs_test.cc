#include "rules/runs.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "rules/needs.h"

namespace backscan::rules {
namespace {

ByteRun run_of(std::string_view pattern, std::uint32_t min_bytes = 1) {
  const auto tree = parse_regex(pattern);
  EXPECT_TRUE(tree.has_value()) << pattern;
  const auto run = run_in_every_match(*tree, min_bytes);
  EXPECT_TRUE(run.has_value()) << pattern;
  return run.value_or(ByteRun{.min_bytes = 1});
}

TEST(Runs, TakesTheLongestThatEveryMatchHolds) {
  EXPECT_EQ(run_of("x[a-f]{30}y[0-9]{40,}z").min_bytes, 40u);
  EXPECT_TRUE(run_of("x[a-f]{30}y[0-9]{40,}z").holds('7'));
  EXPECT_FALSE(run_of("x[a-f]{30}y[0-9]{40,}z").holds('a'));
  EXPECT_FALSE(run_in_every_match(*parse_regex("a|[0-9]{40}"), 8).has_value());
  EXPECT_FALSE(run_in_every_match(*parse_regex("[^'\\n]{40}"), 8).has_value());
  EXPECT_FALSE(run_in_every_match(*parse_regex("[0-9]{0,40}"), 0).has_value());
}

TEST(Runs, WidenedStandsWhereverEitherDoes) {
  ByteRun both = run_of("[0-9]{8}");
  both.widen_to(run_of("[a-f]{5}"));
  EXPECT_TRUE(holds_run("-12345678-", both));
  EXPECT_TRUE(holds_run("-abcde-", both));
  EXPECT_FALSE(holds_run("-1a2b-abcd-1234-", both));
}

TEST(Runs, FindsARunWhereverItStands) {
  const ByteRun run = run_of("[0-9]{5}");
  for (std::size_t before = 0; before < 12; ++before)
    for (std::size_t length = 0; length < 12; ++length)
      for (std::size_t after = 0; after < 8; ++after) {
        const std::string text =
            std::string(before, '-') + std::string(length, '4') + std::string(after, '-');
        EXPECT_EQ(holds_run(text, run), length >= 5) << text;
      }
  EXPECT_FALSE(holds_run("", run));
  EXPECT_TRUE(holds_run("4444-44444", run));
}

TEST(Runs, AgreesWithLookingAtEveryByte) {
  std::mt19937 random(7);
  for (int round = 0; round < 20000; ++round) {
    const ByteRun run{.min_bytes = static_cast<std::uint32_t>(1 + random() % 6),
                      .bytes = {0, std::uint64_t{1} << ('a' - 64), 0, 0}};
    std::string text;
    std::size_t in_row = 0;
    std::size_t longest = 0;
    for (std::size_t left = random() % 40; left > 0; --left) {
      text += random() % 4 == 0 ? 'b' : 'a';
      in_row = text.back() == 'a' ? in_row + 1 : 0;
      longest = std::max(longest, in_row);
    }
    ASSERT_EQ(holds_run(text, run), longest >= run.min_bytes) << text << ' ' << run.min_bytes;
  }
}

TEST(Needs, FindsWordsInAnyCaseAtAnyPlace) {
  const std::vector<std::string> words = {"base64_", "@x"};
  for (std::size_t before = 0; before < 40; ++before)
    for (const std::size_t after : {0, 1, 15, 16, 40}) {
      const std::string head(before, 'b');
      const std::string tail(after, '_');
      EXPECT_TRUE(holds_any_word(head + "BaSe64_" + tail, words));
      EXPECT_TRUE(holds_any_word(head + "@X" + tail, words));
      EXPECT_FALSE(holds_any_word(head + "base64" + std::string(after, 'b'), words));
      EXPECT_FALSE(holds_any_word(head + "`x" + tail, words)) << "a mark has no case";
    }
  EXPECT_FALSE(holds_any_word("", words));
}

TEST(Needs, AreMetByWhateverMayMatch) {
  EXPECT_TRUE(Needs("(?i)\\bMail\\(|sendmail").are_met_by("x=MAIL($a)"));
  EXPECT_FALSE(Needs("(?i)\\bMail\\(|sendmail").are_met_by("x=male($a)"));
  EXPECT_TRUE(Needs("\\$[\\x80-\\xff]{4,60}=").are_met_by("$\xc3\xa4\xc3\xb6=1"));
  EXPECT_FALSE(Needs("\\$[\\x80-\\xff]{4,60}=").are_met_by("$\xc3\xa4=1"));
  EXPECT_TRUE(Needs("[a-z]").are_met_by("")) << "nothing is known of it";
}

}  // namespace
}  // namespace backscan::rules

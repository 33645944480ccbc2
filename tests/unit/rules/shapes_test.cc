#include "rules/shapes.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>
#include <string>

namespace backscan::rules {
namespace {

constexpr std::string_view kNestedCall = R"([;(]\$\{?\w{1,40}\}?\(\$\{?\w{1,40}\}?\([$'])";
constexpr std::string_view kJoined =
    R"((?:=|\()'[^'.;=?:]{2,8}'(?:\^|\|~?|&~?)(?:'[^'.]{2,80}'|[A-Za-z]\w{1,20})[;)])";

std::optional<Shape> shape_of(std::string_view pattern) {
  const auto tree = parse_regex(pattern);
  EXPECT_TRUE(tree.has_value()) << pattern;
  return shape_in_every_match(*tree);
}

TEST(Shapes, StandBetweenWordsOfAnyName) {
  const auto shape = shape_of(kNestedCall);
  ASSERT_TRUE(shape.has_value());
  EXPECT_TRUE(holds_shape("a=1;$f($g($x))", *shape));
  EXPECT_TRUE(holds_shape(";${f}(${g}('x'))", *shape));
  EXPECT_FALSE(holds_shape(";f($g($x))", *shape));
  EXPECT_FALSE(holds_shape(";$f($g,$h)", *shape));
  EXPECT_FALSE(holds_shape(";$f($g(1))", *shape));
  EXPECT_FALSE(holds_shape(";$" + std::string(41, 'f') + "($g($x))", *shape));
  EXPECT_FALSE(holds_shape("", *shape));
}

TEST(Shapes, TakeAlternativesTogether) {
  const auto shape = shape_of(kJoined);
  ASSERT_TRUE(shape.has_value());
  for (const std::string_view text : {"='ab'^'cd';", "('ab'|~'cd')", "='ab'&name;"})
    EXPECT_TRUE(holds_shape(text, *shape)) << text;
  for (const std::string_view text : {"=='ab'||$x", "='ab'.'cd';", "='a'^'cd';", "x'ab'^'cd';"})
    EXPECT_FALSE(holds_shape(text, *shape)) << text;
}

TEST(Shapes, AreNotMadeOfWhatMayBeAbsent) {
  for (const std::string_view pattern :
       {"", R"(\$\w+)", R"((?:a\(\$b)?c)", R"(\w\(\$)", R"([a-z]{2}[0-9]{2})"})
    EXPECT_FALSE(shape_of(pattern).has_value()) << pattern;
}

TEST(Shapes, AreFoundWhereverThePatternIs) {
  const std::string_view pieces[] = {";", "(",       "$",           "{", "}", "f", "gh",
                                     "'", "^",       "|",           "~", "&", "=", "abc",
                                     ")", "$f($g($", "='ab'^'cd';", ".", "1"};
  std::mt19937 random(3);
  for (const std::string_view pattern :
       {kNestedCall, kJoined, std::string_view(R"((?:\$\w{1,20}\(\d{1,3}\)\.){3})"),
        std::string_view(R"(\$\{?\w+\}?\((?:a|bc|\$f)?\(\$)"),
        std::string_view(R"(\$\$?f\(\$|;;\(\$)")}) {
    const auto shape = shape_of(pattern);
    if (!shape) continue;
    const re2::RE2 regex{std::string(pattern)};
    for (int round = 0; round < 20000; ++round) {
      std::string text;
      for (std::size_t left = random() % 24; left > 0; --left)
        text += pieces[random() % std::size(pieces)];
      const bool is_match = re2::RE2::PartialMatch(text, regex);
      ASSERT_TRUE(!is_match || holds_shape(text, *shape)) << pattern << " in " << text;
    }
  }
}

}  // namespace
}  // namespace backscan::rules

#include "rules/repeats.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace backscan::rules {
namespace {

std::string repeated(std::string_view unit, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += unit;
  return text;
}

TEST(Repeats, AreLeftOutInTheMiddle) {
  std::string room;
  const std::string text = "<?php begin();" + repeated("eval(", 8 << 20) + "$end);";
  const std::string_view small = without_repeats(text, room);
  EXPECT_LT(small.size(), 4 * kKeptOfRepeats);
  EXPECT_TRUE(small.starts_with("<?php begin();eval(eval("));
  EXPECT_TRUE(small.ends_with("eval(eval($end);"));
}

TEST(Repeats, AreLeftOutByWholePeriods) {
  std::string room;
  const std::string unit = "mail($a,'b');\n";
  const std::string text = "x" + repeated(unit, 3 << 20) + "y" + repeated("[1],", 3 << 20) + "z";
  std::string rest(without_repeats(text, room));
  EXPECT_LT(rest.size(), std::size_t{1} << 20);
  ASSERT_EQ(rest.front(), 'x');
  std::size_t at = 1;
  while (rest.compare(at, unit.size(), unit) == 0) at += unit.size();
  ASSERT_EQ(rest[at++], 'y');
  while (rest.compare(at, 4, "[1],") == 0) at += 4;
  EXPECT_EQ(rest.substr(at), "z");
}

TEST(Repeats, AreKeptInSmallTexts) {
  std::string room;
  const std::string text = repeated("ab", 900'000);
  EXPECT_EQ(without_repeats(text, room).data(), text.data());
}

TEST(Repeats, LoseNothingThatStandsAmongThem) {
  std::string room;
  std::string text = repeated("[[[[", 3 << 20);
  for (const std::size_t at : {0U, 70'000U, 1'000'000U, 1'000'513U, 2'900'000U})
    text.replace(at, 7, "needle" + std::to_string(at % 10));
  const std::string rest(without_repeats(text, room));
  EXPECT_LT(rest.size(), text.size() / 2);
  std::size_t count = 0;
  for (std::size_t at = rest.find("needle"); at != std::string::npos;
       at = rest.find("needle", at + 1))
    ++count;
  EXPECT_EQ(count, 5U);
}

TEST(Repeats, OfNothingGiveTheTextItself) {
  std::string room;
  std::string text;
  for (unsigned i = 0; text.size() < (2U << 20); ++i) text += std::to_string(i * 2654435761U);
  EXPECT_EQ(without_repeats(text, room).data(), text.data());
}

}  // namespace
}  // namespace backscan::rules

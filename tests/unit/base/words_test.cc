#include "base/words.h"

#include <gtest/gtest.h>

namespace backscan {
namespace {

TEST(Words, GroupsDigitsAndCounts) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(UINT64_MAX), "18,446,744,073,709,551,615");
  EXPECT_EQ(counted(1, "finding"), "1 finding");
  EXPECT_EQ(counted(0, "entry", "entries"), "0 entries");
}

TEST(Words, ChoosesTheUnitThatReadsBest) {
  EXPECT_EQ(bytes_text(1), "1 byte");
  EXPECT_EQ(bytes_text(999), "999 bytes");
  EXPECT_EQ(bytes_text(999'949), "999.9 kB");
  EXPECT_EQ(bytes_text(999'950), "1.0 MB");
  EXPECT_EQ(bytes_text(5'900'000'000), "5.9 GB");
}

TEST(Words, NamesTheFirstOfManyAndCountsTheRest) {
  const std::vector<std::string> parts = {"a", "b", "c"};
  EXPECT_EQ(joined_first({}, 2), "");
  EXPECT_EQ(joined_first(parts, 3), "a, b, c");
  EXPECT_EQ(joined_first(parts, 2), "a, b and 1 more");
}

TEST(Words, WrapsAtBlanksByCharactersNotBytes) {
  EXPECT_EQ(wrapped("éé éé éé", 5), (std::vector<std::string>{"éé éé", "éé"}));
  EXPECT_EQ(wrapped("a verylongword b", 4), (std::vector<std::string>{"a", "verylongword", "b"}));
  EXPECT_TRUE(wrapped("   ", 4).empty());
}

TEST(Words, WritesPlacesAsEditorsReadThem) {
  EXPECT_EQ(place_text("/a.php", 0, 7), "/a.php");
  EXPECT_EQ(place_text("/a.php", 3, 0), "/a.php:3");
  EXPECT_EQ(place_text("/a.php", 3, 7), "/a.php:3:7");
}

}  // namespace
}  // namespace backscan

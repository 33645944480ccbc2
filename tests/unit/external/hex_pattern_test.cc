// Hexadecimal signatures and what their patterns match.
#include "external/hex_pattern.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "rules/regex.h"

namespace backscan::external {
namespace {

/// Hexadecimal digits of `text`.
std::string hex(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    out += kDigits[static_cast<unsigned char>(c) >> 4U];
    out += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

bool matches(const std::string& signature, std::string_view text, std::string_view offset = "*") {
  const auto pattern = hex_pattern(signature, offset);
  EXPECT_TRUE(pattern.has_value()) << signature << ": " << pattern.error().reason;
  if (!pattern) return false;
  const re2::RE2 regex(*pattern, rules::regex_options());
  EXPECT_TRUE(regex.ok()) << *pattern << ": " << regex.error();
  return regex.Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

std::string refusal(const std::string& signature, std::string_view offset = "*") {
  const auto pattern = hex_pattern(signature, offset);
  return pattern ? "" : pattern.error().reason;
}

TEST(HexPattern, EveryByteStandsForItself) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    EXPECT_TRUE(matches(hex(one + "x"), one + "x")) << byte;
    EXPECT_FALSE(matches(hex(one + "x"), std::string(1, static_cast<char>(byte ^ 1)) + "x")) << byte;
  }
  EXPECT_EQ(hex_pattern("6576616c28").value(), "eval\\(");
  EXPECT_FALSE(matches("6576", "EV")) << "letters' case counts";
}

TEST(HexPattern, Wildcards) {
  EXPECT_TRUE(matches("61??62", "a\nb"));
  EXPECT_FALSE(matches("61??62", "ab"));
  EXPECT_TRUE(matches("616?62", "aob"));
  EXPECT_FALSE(matches("616?62", "apb"));
  EXPECT_TRUE(matches("61?162", "aQb"));
  EXPECT_FALSE(matches("61?162", "aRb"));
  EXPECT_TRUE(matches("6162*6364", "ab\n\n--cd"));
  EXPECT_FALSE(matches("6162*6364", "cdab"));
  EXPECT_TRUE(matches("61{2}62", "a--b"));
  EXPECT_FALSE(matches("61{2}62", "a-b"));
  EXPECT_TRUE(matches("61{1-2}62", "a--b"));
  EXPECT_FALSE(matches("61{1-2}62", "ab"));
  EXPECT_TRUE(matches("61{-2}62", "ab"));
  EXPECT_FALSE(matches("61{-2}62", "a---b"));
  EXPECT_TRUE(matches("61{3-}62", "a-----b"));
  EXPECT_FALSE(matches("61{3-}62", "a--b"));
  EXPECT_TRUE(matches("61{2500}62", "a" + std::string(2500, '-') + "b"));
}

TEST(HexPattern, Alternatives) {
  EXPECT_TRUE(matches("61(62|6364)65", "acde"));
  EXPECT_FALSE(matches("61(62|6364)65", "ace"));
  EXPECT_TRUE(matches("61!(62|5d)65", "a\ne"));
  EXPECT_FALSE(matches("61!(62|5d)65", "a]e"));
  EXPECT_TRUE(matches("61(6?|??62)65", "a-be"));
}

TEST(HexPattern, Offsets) {
  EXPECT_TRUE(matches("6162", "abc", "0"));
  EXPECT_FALSE(matches("6162", "cab", "0"));
  EXPECT_TRUE(matches("6162", "--ab", "2"));
  EXPECT_TRUE(matches("6162", "--ab", "1,1"));
  EXPECT_FALSE(matches("6162", "---ab", "1,1"));
  EXPECT_TRUE(matches("6162", "--ab-", "EOF-3"));
  EXPECT_FALSE(matches("6162", "--ab--", "EOF-3"));
  EXPECT_TRUE(matches("??6162", "-ab", "0")) << "a wildcard before the first byte counts";
  EXPECT_FALSE(matches("??6162", "ab", "0"));
}

TEST(HexPattern, GapsAtTheEndsSayNothing) {
  EXPECT_EQ(hex_pattern("*6162??*").value(), "ab");
}

TEST(HexPattern, RefusesWhatHasNoLike) {
  EXPECT_EQ(refusal("61[1-2]6263"), "single bytes at a distance ([n-m])");
  EXPECT_EQ(refusal("61(B)62"), "a boundary (B)");
  EXPECT_EQ(refusal("61!(6263)64"), "all but alternatives of several bytes");
  EXPECT_EQ(refusal("61{5000}62"), "a gap of more than 4000 bytes");
  EXPECT_EQ(refusal("61{3-2}62"), "a gap that ends before it begins");
  EXPECT_EQ(refusal("61{-}62"), "a gap {-} of no known form");
  EXPECT_EQ(refusal("616"), "half a byte");
  EXPECT_EQ(refusal("61zz"), "'zz' is no byte");
  EXPECT_EQ(refusal("61(62"), "a ')' is missing");
  EXPECT_EQ(refusal("??*"), "no byte that must be there");
  EXPECT_EQ(refusal("6162", "EP+3"), "an offset 'EP+3' that speaks of a program's sections");
  EXPECT_EQ(refusal("61*62", "EOF-9"), "an offset from the end with a signature of no fixed length");
}

}  // namespace
}  // namespace backscan::external

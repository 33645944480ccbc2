// What tells something and what every program says.
#include "rules/common_code.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

namespace backscan::rules {
namespace {

TEST(CommonCode, HoldsTheWordsOfEveryProgram) {
  for (const char* pattern : {"\\bforeach\\(", "\\bnamespace [a-z_]+", "\\$_POST\\[", "\\bexplode\\("})
    EXPECT_TRUE(is_common(ViewKind::kCode, re2::RE2(pattern))) << pattern;
}

TEST(CommonCode, HoldsNothingThatRulesLookFor) {
  for (const char* pattern : {"\\beval\\(", "base64_decode\\(", "\\bmail\\(", "gzinflate", "fsockopen\\("})
    EXPECT_FALSE(is_common(ViewKind::kCode, re2::RE2(pattern))) << pattern;
}

TEST(CommonCode, SaysNothingAboutTextAndPaths) {
  EXPECT_FALSE(is_common(ViewKind::kText, re2::RE2("foreach")));
  EXPECT_FALSE(is_common(ViewKind::kPath, re2::RE2("foreach")));
}

}  // namespace
}  // namespace backscan::rules

#include "scan/memo.h"

#include <gtest/gtest.h>

namespace backscan::scan {
namespace {

TEST(Memo, RemembersVerdictsOfBytesAndCircumstances) {
  Memo memo(1024);
  const MemoKey key = memo.key_of("bytes", "here");
  EXPECT_FALSE(memo.find(key).has_value());
  memo.remember(key, {.is_interesting = true, .findings = nullptr});
  ASSERT_TRUE(memo.find(key).has_value());
  EXPECT_TRUE(memo.find(key)->is_interesting);
  EXPECT_FALSE(memo.find(memo.key_of("bytes", "there")).has_value());
  EXPECT_FALSE(memo.find(memo.key_of("byte", "shere")).has_value());
}

TEST(Memo, KeepsFindings) {
  Memo memo(1024);
  const MemoKey key = memo.key_of("bad", "");
  auto findings = std::make_shared<std::vector<Finding>>(1);
  findings->front().rule = "mailer/x";
  memo.remember(key, {.findings = findings});
  ASSERT_TRUE(memo.find(key).has_value());
  EXPECT_EQ(memo.find(key)->findings->front().rule, "mailer/x");
}

TEST(Memo, IsKeyedAnewEachRun) {
  const Memo one(64);
  const Memo two(64);
  EXPECT_NE(one.key_of("same", "same"), two.key_of("same", "same"));
}

TEST(Memo, ForgetsInsteadOfGrowing) {
  Memo memo(256);
  for (int i = 0; i < 100'000; ++i)
    memo.remember(memo.key_of(std::to_string(i), ""), {.findings = nullptr});
  int kept = 0;
  for (int i = 0; i < 100'000; ++i)
    if (memo.find(memo.key_of(std::to_string(i), ""))) ++kept;
  EXPECT_LE(kept, 256);
  EXPECT_GT(kept, 128);
}

}  // namespace
}  // namespace backscan::scan

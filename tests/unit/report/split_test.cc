#include "report/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_result.h"

namespace backscan::report {
namespace {

TEST(Split, GivesEachAccountItsOwnFindingsErrorsAndSendersOnly) {
  const auto parts = split_by_account(test::sample_result());
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0].name, "alice");
  ASSERT_EQ(parts[0].result.findings.size(), 1u);
  EXPECT_EQ(parts[0].result.senders.size(), 1u);
  EXPECT_TRUE(parts[0].result.summary.is_complete) << "the error was in another account";
  EXPECT_THAT(parts[0].result.summary.advice, testing::IsEmpty()) << "it speaks of the host";
  EXPECT_TRUE(parts[1].result.senders.empty());
  EXPECT_FALSE(parts[1].result.summary.is_complete);
  EXPECT_EQ(parts[1].result.errors.size(), 2u);
}

TEST(Split, MakesFileNamesThatStayInTheirDirectory) {
  ScanResult result = test::sample_result();
  result.findings[0].account = "../../etc/passwd";
  result.findings[1].account = ".hidden";
  result.findings[2].account = ".._.._etc_passwd\n";
  std::vector<std::string> names;
  for (const auto& part : split_by_account(result)) names.push_back(part.file_name);
  EXPECT_THAT(names, testing::UnorderedElementsAre("_.._.._etc_passwd", "_.hidden",
                                                   "_.._.._etc_passwd_"));
}

TEST(Split, KeepsFileNamesApart) {
  ScanResult result = test::sample_result();
  result.findings[0].account = "a/b";
  result.findings[1].account = "a b";
  std::vector<std::string> names;
  for (const auto& part : split_by_account(result)) names.push_back(part.file_name);
  EXPECT_THAT(names, testing::IsSupersetOf({"a_b", "a_b-2"}));
}

}  // namespace
}  // namespace backscan::report

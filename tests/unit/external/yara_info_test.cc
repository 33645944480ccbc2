// The habits of meta sections.
#include "external/yara_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace backscan::external {
namespace {

using testing::ElementsAre;

Severity severity_of(const std::vector<YaraMeta>& metas) {
  return yara_rule_info("ns", "R", metas).severity;
}

TEST(YaraInfo, SeverityIsAWordOrANumber) {
  EXPECT_EQ(severity_of({}), Severity::kMedium);
  EXPECT_EQ(severity_of({{"severity", "High"}}), Severity::kHigh);
  EXPECT_EQ(severity_of({{"severity", "informational"}}), Severity::kInfo);
  EXPECT_EQ(severity_of({{"severity", "no such word"}}), Severity::kMedium);
  EXPECT_EQ(severity_of({{"severity", std::int64_t{9}}}), Severity::kCritical);
  EXPECT_EQ(severity_of({{"severity", "3"}}), Severity::kLow);
  EXPECT_EQ(severity_of({{"score", std::int64_t{75}}}), Severity::kHigh);
  EXPECT_EQ(severity_of({{"score", std::int64_t{60}}}), Severity::kMedium);
  EXPECT_EQ(severity_of({{"score", std::int64_t{10}}}), Severity::kInfo);
  EXPECT_EQ(severity_of({{"score", std::int64_t{90}}, {"severity", "low"}}), Severity::kLow);
}

TEST(YaraInfo, DescriptionAuthorAndReferencesAreKept) {
  const rules::RuleInfo info = yara_rule_info(
      "php", "Shell",
      {{"description", "A {shell}"}, {"author", "A. Person"}, {"reference", "https://example.com/a"},
       {"reference2", "https://example.com/b"}, {"date", "2020-01-02"}});
  EXPECT_EQ(info.id, "external/php.Shell");
  EXPECT_EQ(info.message, "A shell") << "no hole of a message of our own";
  EXPECT_EQ(info.title, "A {shell}");
  EXPECT_THAT(info.references,
              ElementsAre("https://example.com/a", "https://example.com/b", "author: A. Person"));
}

TEST(YaraInfo, WithoutMetaTheNamesSpeak) {
  const rules::RuleInfo info = yara_rule_info("php", "Shell", {});
  EXPECT_EQ(info.title, "YARA rule Shell");
  EXPECT_EQ(info.message, "The YARA rule Shell of php matches.");
}

}  // namespace
}  // namespace backscan::external

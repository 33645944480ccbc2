// Importing lists: what becomes a rule, what is refused and why, and that nothing is dropped unsaid.
#include "external/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "external/hash_list.h"
#include "unit/rules/rule_dir.h"
#include "unit/walk/temp_tree.h"

namespace backscan::external {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::TempTree;

constexpr const char* kEvalPost = "6576616c28245f504f53545b";  // eval($_POST[

class ImportTest : public testing::Test {
 protected:
  ImportReport import(const std::vector<std::string>& names) {
    ImportOptions options{.directory = tree / "out", .date = "2026-11-30"};
    for (const std::string& name : names) options.files.push_back(tree / name);
    refused.clear();
    const auto report = import_lists(options, [&](const Error& refusal) {
      refused.push_back(refusal.message().substr(tree.path().size() + 1));
    });
    if (!report) {
      error = report.error().message();
      return {};
    }
    EXPECT_EQ(report->refused, refused.size());
    return *report;
  }

  TempTree tree;
  std::vector<std::string> refused;
  std::string error;
};

TEST_F(ImportTest, SignaturesOfBytesBecomeRulesThatMatch) {
  tree.file("rfxn.ndb", std::string("{HEX}php.mailer.7:0:*:") + kEvalPost + "??6d61696c5d\n");
  EXPECT_EQ(import({"rfxn.ndb"}).rules, 1u);
  EXPECT_THAT(refused, IsEmpty());
  const auto rules = rules::RuleSet::load({.directories = {tree / "out"}});
  ASSERT_TRUE(rules.has_value());
  ASSERT_EQ(rules->rules().size(), 1u);
  const rules::RuleInfo& rule = rules->rules()[0];
  EXPECT_EQ(rule.id, "external/php-mailer-7");
  EXPECT_EQ(rule.severity, Severity::kMedium);
  EXPECT_THAT(rule.causes, ElementsAre(Cause::kSpam));
  EXPECT_THAT(rule.references, ElementsAre("rfxn.ndb"));
  EXPECT_EQ(rules::testing::match_raw(*rules, "<?php eval($_POST['mail]").size(), 1u);
  EXPECT_EQ(rules::testing::match_raw(*rules, "<?php eval($_POST[mail]").size(), 0u);
}

TEST_F(ImportTest, WhatHasNoLikeIsNamedWithTheReason) {
  tree.file("a.ndb", std::string("# comment\n\n"
                                 "Win.Thing:1:*:6576616c\n"
                                 "Html.Thing:3:*:6576616c\n"
                                 "Short.Thing:0:*:6576\n"
                                 "Far.Thing:0:EP+0:") + kEvalPost + "\n"
                                 "Half.Thing:0:*:65766\n"
                                 "broken line\n"
                                 "Everywhere:0:*:66756e6374696f6e\n");
  const ImportReport report = import({"a.ndb"});
  EXPECT_EQ(report.rules, 0u);
  EXPECT_THAT(refused,
              ElementsAre("a.ndb:3: Win.Thing: target 1: only signatures of any file (0) look at bytes "
                          "as they are",
                          HasSubstr("a.ndb:4: Html.Thing: target 3"),
                          HasSubstr("a.ndb:5: Short.Thing: would be judged for most files"),
                          HasSubstr("a.ndb:6: Far.Thing: an offset 'EP+0'"),
                          "a.ndb:7: Half.Thing: half a byte", HasSubstr("a.ndb:8: broken line: not of"),
                          "a.ndb:9: Everywhere: ordinary code holds it"));
}

TEST_F(ImportTest, HashesBecomeAList) {
  tree.file("my md5v2.hdb", "5d41402abc4b2a76b9719d911017c592:5:{MD5}php.hello.1\n"
                            "5d41402abc4b2a76b9719d911017c592:5:again\n"
                            "nonsense:5:Bad\n");
  const ImportReport report = import({"my md5v2.hdb"});
  EXPECT_EQ(report.hashes, 1u);
  EXPECT_EQ(report.doubles, 1u);
  EXPECT_EQ(report.refused, 1u);
  const auto list = HashList::open(tree / "out/hashes/my-md5v2-hdb.hashes");
  ASSERT_TRUE(list.has_value()) << list.error().message();
  EXPECT_EQ(list->find(HashKind::kMd5, digest_of(HashKind::kMd5, "hello"), 5), "{MD5}php.hello.1");
}

TEST_F(ImportTest, TheSameBytesAreOneRuleAndTheSameNameTwo) {
  tree.file("hex.dat", std::string(kEvalPost) + "41:php.x.1\n" + kEvalPost + "41:php.x.2\n" +
                           kEvalPost + "42:PHP.x.1\n");
  const ImportReport report = import({"hex.dat"});
  EXPECT_EQ(report.rules, 2u);
  EXPECT_EQ(report.doubles, 1u);
  EXPECT_TRUE(std::filesystem::exists(tree / "out/external/php-x-1.yaml"));
  EXPECT_TRUE(std::filesystem::exists(tree / "out/external/php-x-1-2.yaml"));
}

TEST_F(ImportTest, SignaturesStayAtTheirOffsets) {
  tree.file("o.ndb", std::string("At.Thirty:0:30:") + kEvalPost + "\nNear.End:0:EOF-20:" + kEvalPost + "\n");
  EXPECT_EQ(import({"o.ndb"}).rules, 2u);
  EXPECT_THAT(refused, IsEmpty());
  const auto rules = rules::RuleSet::load({.directories = {tree / "out"}});
  ASSERT_TRUE(rules.has_value());
  const auto ids = [&](const std::string& text) {
    return rules::testing::ids_of(*rules, rules::testing::match_raw(*rules, text));
  };
  const std::string thirty(30, '\n');
  EXPECT_THAT(ids(thirty + "eval($_POST[" + thirty), ElementsAre("external/at-thirty"));
  EXPECT_THAT(ids(thirty + "-eval($_POST[" + thirty), IsEmpty());
  EXPECT_THAT(ids("eval($_POST[12345678"), ElementsAre("external/near-end"));
}

TEST_F(ImportTest, FilesThatCannotBeReadAreErrors) {
  import({"none.hdb"});
  EXPECT_THAT(error, HasSubstr("none.hdb: No such file or directory"));
  tree.file("what.txt", "x");
  import({"what.txt"});
  EXPECT_THAT(error, HasSubstr("what.txt: its name tells no format"));
  tree.directory("dir.hdb");
  import({"dir.hdb"});
  EXPECT_THAT(error, HasSubstr("dir.hdb: Is a directory"));
}

TEST_F(ImportTest, SlugsAreMadeOfWhatIdsAre) {
  EXPECT_EQ(slug_of("{HEX}Php.Mailer_7!"), "hex-php-mailer-7");
  EXPECT_EQ(slug_of("../../etc"), "etc");
  EXPECT_EQ(slug_of("\xff\xff"), "unnamed");
}

}  // namespace
}  // namespace backscan::external

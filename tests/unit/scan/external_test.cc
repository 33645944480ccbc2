// Rules from elsewhere inside a scan: what threads, copies, budgets and partly read files make of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "external/external_rules.h"
#include "unit/scan/scanning.h"

namespace backscan::scan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing_support::dump;
using testing_support::options_for;
using testing_support::places;
using testing_support::Rules;
using testing_support::scan_tree;
using testing_support::TempTree;

class ExternalStageTest : public testing::Test {
 protected:
  /// Skips the test where backscan was built without libyara.
  void load(const std::string& yara) {
    rule_files_.file("r.yar", yara);
    auto loaded = external::load_external({.yara_files = {rule_files_ / "r.yar"}}, {});
    if (!loaded && loaded.error().front().message().find("without libyara") != std::string::npos)
      GTEST_SKIP() << "built without libyara";
    ASSERT_TRUE(loaded.has_value()) << loaded.error().front().message();
    external_ = *std::move(loaded);
  }
  ScanResult scan_with(ScanOptions options) {
    options.external = &external_;
    Rules own;
    own.add("mailer/x", "{ raw: never_there }");
    return scan_tree(options, own.load());
  }

  TempTree tree_;
  TempTree rule_files_;
  external::ExternalRules external_;
};

TEST_F(ExternalStageTest, WhatYaraDoesNotFinishIsToldAndMakesTheScanIncomplete) {
  load("rule A { strings: $a = \"inert_shell\" condition: $a }");
  if (IsSkipped()) return;
  tree_.file("a.php", "<?php inert_shell();");
  ScanOptions options = options_for(tree_);
  options.file_time_limit = std::chrono::milliseconds(0);
  const ScanResult result = scan_with(options);
  std::string told;
  for (const ErrorRecord& error : result.errors)
    told += error.path + ": " + error.reason + (error.is_note ? " (note)\n" : "\n");
  EXPECT_THAT(told, HasSubstr(tree_ / "a.php" + ": not scanned by yara: took longer than 0 ms\n"));
  EXPECT_FALSE(result.summary.is_complete);
}

TEST_F(ExternalStageTest, TheSameFromOneThreadAndFour) {
  load("rule A { strings: $a = /inert_[a-z]+\\(/ condition: $a }");
  if (IsSkipped()) return;
  for (int i = 0; i < 200; ++i)
    tree_.file("d" + std::to_string(i % 7) + "/f" + std::to_string(i) + ".php",
               i % 3 == 0 ? "<?php inert_shell();" : "<?php echo " + std::to_string(i) + ";");
  const std::string one = dump(scan_with(options_for(tree_, 1)));
  EXPECT_EQ(dump(scan_with(options_for(tree_, 4))), one);
  ScanOptions plain = options_for(tree_);
  plain.use_memo = false;
  EXPECT_EQ(dump(scan_with(plain)), one) << "copies are found as their originals are";
}

TEST_F(ExternalStageTest, TailsOfFilesThatAreReadInPartAreLookedAt) {
  load("rule Tail { strings: $a = \"inert_tail\" condition: $a in (20000..filesize) }");
  if (IsSkipped()) return;
  tree_.file("a.txt", "head" + std::string(30'000, '-') + "inert_tail");
  const ScanResult result = scan_with(options_for(tree_));
  EXPECT_THAT(places(result, tree_), ElementsAre("a.txt:0:0 external/r.Tail"));
  EXPECT_THAT(result.findings[0].excerpt, HasSubstr("inert_tail"));
}

TEST_F(ExternalStageTest, RulesWithoutStringsSpeakOfTheFile) {
  load("rule Small { condition: filesize < 10 }");
  if (IsSkipped()) return;
  tree_.file("a.php", "<?php 1;");
  const ScanResult result = scan_with(options_for(tree_));
  ASSERT_THAT(result.findings, SizeIs(1));
  EXPECT_EQ(result.findings[0].line, 0u);
  EXPECT_THAT(result.findings[0].fingerprint, SizeIs(32));
}

}  // namespace
}  // namespace backscan::scan

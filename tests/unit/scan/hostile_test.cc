// Files that are made to hurt a scanner: nothing may hang, crash or go untold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "unit/scan/scanning.h"

namespace backscan::scan {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using testing_support::options_for;
using testing_support::places;
using testing_support::Rules;
using testing_support::scan_tree;
using testing_support::TempTree;

rules::RuleSet evil_rules() { return Rules().add("mailer/x", "{ raw: evil }").load(); }

TEST(Hostile, AFifoIsNeverOpened) {
  const TempTree tree;
  ASSERT_EQ(::mkfifo((tree / "a.php").c_str(), 0644), 0);
  tree.file("b.php", "evil");
  const ScanResult result = scan_tree(options_for(tree), evil_rules());
  EXPECT_THAT(result.findings, SizeIs(1));
  EXPECT_EQ(result.summary.counts.skipped.at("fifo"), 1u);
}

TEST(Hostile, NamesAreBytes) {
  const TempTree tree;
  const std::string name = "\xFF\x1b[2J\n.php";
  tree.file(name, "evil");
  const ScanResult result = scan_tree(options_for(tree), evil_rules());
  ASSERT_THAT(result.findings, SizeIs(1));
  EXPECT_EQ(result.findings[0].path, tree / name);
}

TEST(Hostile, FilesThatComeAndGoWhileScanning) {
  const TempTree tree;
  for (int i = 0; i < 300; ++i) tree.file("d/" + std::to_string(i) + ".php", "<?php evil();");
  std::thread changer([&] {
    for (int i = 0; i < 300; i += 2) {
      std::filesystem::remove(tree / ("d/" + std::to_string(i) + ".php"));
      tree.file("d/" + std::to_string(i) + ".php", "now longer than before <?php evil(); ");
    }
  });
  const rules::RuleSet rules = evil_rules();
  for (int round = 0; round < 5; ++round) {
    const ScanResult result = scan_tree(options_for(tree), rules);
    EXPECT_GE(result.findings.size(), 149u);
    for (const ErrorRecord& error : result.errors) EXPECT_TRUE(error.is_note) << error.reason;
  }
  changer.join();
}

TEST(Hostile, ContentsWithoutMeaningEndSoon) {
  const TempTree tree;
  std::string nested = "<?php ";
  for (int i = 0; i < 100'000; ++i) nested += "f(";
  tree.file("nested.php", nested);
  tree.file("quote.php", "<?php '" + std::string(2'000'000, '\\'));
  tree.file("tags.php", [] {
    std::string text;
    for (int i = 0; i < 200'000; ++i) text += "<?php ?>";
    return text;
  }());
  tree.file("comment.php", "<?php /*" + std::string(2'000'000, '*'));
  tree.file("heredoc.php", "<?php $a = <<<X\n" + std::string(1'000'000, '\n'));
  tree.file("eval.php", "<?php eval(base64_decode('" + std::string(1'000'000, 'A') + "'));");
  tree.file("zeros.php", std::string(3'000'000, '\0'));
  tree.file("empty.php", "");
  ScanOptions options = options_for(tree);
  options.use_triggers = false;
  const auto begin = std::chrono::steady_clock::now();
  const ScanResult result = scan_tree(options, evil_rules());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
  EXPECT_EQ(result.summary.counts.files_scanned, 8u);
}

}  // namespace
}  // namespace backscan::scan

#include "scan/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/scan/scanning.h"

namespace backscan::scan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::dump;
using testing_support::options_for;
using testing_support::places;
using testing_support::Rules;
using testing_support::scan_tree;
using testing_support::TempTree;

TEST(Scan, FindsWithLineColumnExcerptAndFile) {
  const TempTree tree;
  tree.file("d/a.php", "<?php\n\n  evil_call('x@example.com');\n");
  tree.mode("d/a.php", 0640);
  const rules::RuleSet rules =
      Rules()
          .add("mailer/x", "{ raw: 'evil_\\w+\\(' }",
               "message: 'It calls {match}, see {sink}.'\nremedy: Remove it.\ncauses: [spam]\n")
          .load();
  const ScanResult result = scan_tree(options_for(tree), rules);
  ASSERT_THAT(result.findings, SizeIs(1));
  const Finding& finding = result.findings[0];
  EXPECT_EQ(finding.rule, "mailer/x");
  EXPECT_EQ(finding.path, tree / "d/a.php");
  EXPECT_EQ(finding.root, tree.path());
  EXPECT_EQ(finding.line, 3u);
  EXPECT_EQ(finding.column, 3u);
  EXPECT_EQ(finding.end_line, 3u);
  EXPECT_EQ(finding.excerpt, "evil_call('x***@example.com');");
  EXPECT_EQ(finding.message, "It calls evil_call(, see this call.");
  EXPECT_EQ(finding.remedy, "Remove it.");
  EXPECT_THAT(finding.causes, ElementsAre(Cause::kSpam));
  EXPECT_EQ(finding.file.size, 37u);
  EXPECT_EQ(finding.file.mode, 0640u);
  EXPECT_EQ(finding.file.sha256,
            "e7be8dd5e103bdd1a922b9d63af2418a48f6a5642e8c8271c69a58691aff6502");
  EXPECT_FALSE(finding.file.owner.empty());
  EXPECT_TRUE(finding.file.ctime.has_value());
  EXPECT_THAT(finding.fingerprint, SizeIs(32));
  EXPECT_EQ(result.summary.by_severity[static_cast<std::size_t>(Severity::kHigh)], 1u);
  EXPECT_EQ(result.summary.by_class.at("mailer"), 1u);
  EXPECT_TRUE(result.summary.is_complete);
  EXPECT_EQ(result.summary.counts.files_scanned, 1u);
  EXPECT_EQ(result.summary.counts.bytes_scanned, 37u);
}

TEST(Scan, ShowsAddressesIfAsked) {
  const TempTree tree;
  tree.file("a.php", "<?php evil('x@example.com');");
  const rules::RuleSet rules = Rules().add("mailer/x", "{ raw: evil }").load();
  ScanOptions options = options_for(tree);
  options.show_addresses = true;
  EXPECT_THAT(scan_tree(options, rules).findings[0].excerpt, HasSubstr("x@example.com"));
}

TEST(Scan, SameResultWhateverTheNumberOfThreadsAndWithOrWithoutMemo) {
  const TempTree tree;
  for (int i = 0; i < 400; ++i) {
    const std::string directory = "account" + std::to_string(i % 7) + "/d" + std::to_string(i % 31);
    tree.file(directory + "/f" + std::to_string(i) + ".php",
              "<?php\n" + std::string(static_cast<std::size_t>(i % 3), '\n') + "evil(); evil();\n");
    tree.file(directory + "/clean" + std::to_string(i) + ".php", "<?php echo 1;");
    tree.file(directory + "/t" + std::to_string(i) + ".txt", "evil, but text");
  }
  const rules::RuleSet rules = Rules()
                                   .add("mailer/x", "{ raw: 'evil\\(' }")
                                   .add("mailer/y", "{ all: [ { raw: evil }, { path: 'd3/' } ] }")
                                   .load();
  ScanOptions options = options_for(tree, 1);
  const std::string one = dump(scan_tree(options, rules));
  options.use_memo = false;
  EXPECT_EQ(dump(scan_tree(options, rules)), one);
  for (int round = 0; round < 3; ++round) {
    options.use_memo = round != 1;
    options.jobs = 8;
    EXPECT_EQ(dump(scan_tree(options, rules)), one);
  }
}

TEST(Scan, CopiesInOtherPlacesAreJudgedByTheirOwnPath) {
  const TempTree tree;
  for (const char* path : {"a/good/x.php", "b/bad/x.php", "c/good/x.php", "d/bad/x.php"})
    tree.file(path, "<?php body();");
  const rules::RuleSet rules =
      Rules().add("place/x", "{ all: [ { path: '/bad/' }, { raw: body } ] }").load();
  EXPECT_THAT(places(scan_tree(options_for(tree, 1), rules), tree),
              ElementsAre("b/bad/x.php:1:7 place/x", "d/bad/x.php:1:7 place/x"));
}

TEST(Scan, FingerprintSurvivesMovedLinesSpacingAndOtherRoots) {
  const TempTree one;
  const TempTree two;
  one.file("a.php", "<?php\nevil  ( 1 );");
  two.file("a.php", "<?php\n\n// new\nEVIL ( 1 );");
  two.file("b.php", "<?php\nevil ( 1 );");
  const rules::RuleSet rules = Rules().add("mailer/x", "{ raw: '(?i)evil\\s+\\( \\d' }").load();
  const ScanResult first = scan_tree(options_for(one), rules);
  const ScanResult second = scan_tree(options_for(two), rules);
  ASSERT_THAT(first.findings, SizeIs(1));
  ASSERT_THAT(second.findings, SizeIs(2));
  EXPECT_EQ(first.findings[0].fingerprint, second.findings[0].fingerprint);
  EXPECT_NE(second.findings[0].fingerprint, second.findings[1].fingerprint);
}

TEST(Scan, FingerprintsOfEqualMatchesInOneFileDiffer) {
  const TempTree tree;
  tree.file("a.php", "<?php evil(1);\nevil(1);\n");
  const rules::RuleSet rules = Rules().add("mailer/x", "{ raw: 'evil\\(' }").load();
  const ScanResult result = scan_tree(options_for(tree), rules);
  ASSERT_THAT(result.findings, SizeIs(2));
  EXPECT_NE(result.findings[0].fingerprint, result.findings[1].fingerprint);
}

TEST(Scan, SniffsFilesThatAreNotPhpByName) {
  const TempTree tree;
  const std::string filler(30'000, 'x');
  tree.file("head.jpg", "\xFF\xD8\xFF <?php /**/ ?>" + filler + "evil" + filler);
  tree.file("tail.dat", filler + filler + "evil <?php exit;");
  tree.file("middle.dat", filler + "evil" + filler);
  tree.file("text.txt", "evil" + filler);
  tree.file("binary.bin", std::string("\0\0\0\0", 4) + "evil");
  const rules::RuleSet rules = Rules().add("mailer/x", "{ raw: evil }").load();
  const ScanResult sniffed = scan_tree(options_for(tree), rules);
  EXPECT_THAT(places(sniffed, tree), ElementsAre("head.jpg:1:30018 mailer/x",
                                                 "tail.dat:1:60001 mailer/x",
                                                 "text.txt:1:1 mailer/x"));
  EXPECT_EQ(sniffed.summary.counts.skipped.at("no-php"), 2u);
  ScanOptions options = options_for(tree);
  options.files = FilesMode::kAll;
  EXPECT_THAT(scan_tree(options, rules).findings, SizeIs(5));
  options.files = FilesMode::kPhp;
  const ScanResult by_name = scan_tree(options, rules);
  EXPECT_THAT(by_name.findings, IsEmpty());
  EXPECT_EQ(by_name.summary.counts.skipped.at("not-php"), 5u);
}

TEST(Scan, OfATooLargeFileHeadAndTailAreScanned) {
  const TempTree tree;
  const std::string filler(100'000, '\n');
  tree.file("a.php", "<?php evil_head();" + filler + "evil_middle();" + filler + "evil_tail();");
  tree.file("b.dat", filler + filler);
  const rules::RuleSet rules = Rules().add("mailer/x", "{ raw: 'evil_\\w+' }").load();
  ScanOptions options = options_for(tree);
  options.max_filesize_bytes = 50'000;
  const ScanResult result = scan_tree(options, rules);
  // The line of a place in the tail is not known.
  EXPECT_THAT(places(result, tree), ElementsAre("a.php:0:0 mailer/x", "a.php:1:7 mailer/x"));
  EXPECT_THAT(result.findings[0].excerpt, HasSubstr("evil_tail"));
  EXPECT_EQ(result.findings[0].file.sha256, "");
  EXPECT_EQ(result.summary.counts.files_partial, 2u);
  EXPECT_EQ(result.summary.counts.files_scanned, 0u);
  EXPECT_FALSE(result.summary.is_complete);
  ASSERT_THAT(result.errors, SizeIs(1));
  EXPECT_EQ(result.errors[0].path, tree / "a.php");
}

TEST(Scan, LargeFilesWithoutPhpLeaveTheScanComplete) {
  const TempTree tree;
  tree.file("b.dat", std::string(100'000, 'x'));
  const rules::RuleSet rules = Rules().add("mailer/x", "{ raw: evil }").load();
  ScanOptions options = options_for(tree);
  options.max_filesize_bytes = 50'000;
  const ScanResult result = scan_tree(options, rules);
  EXPECT_TRUE(result.summary.is_complete);
  EXPECT_EQ(result.summary.counts.files_partial, 1u);
}

TEST(Scan, PlaceIsAFact) {
  const TempTree tree;
  tree.file("wp-content/uploads/x.php", "<?php run();");
  tree.file("wp-content/plugins/x.php", "<?php run();");
  tree.file("logo.png", "\x89PNG <?php run();");
  const rules::RuleSet rules = Rules()
                                   .add("place/uploads", "{ fact: file.php-in-uploads }")
                                   .add("place/image", "{ fact: file.php-in-image }")
                                   .load();
  const ScanResult result = scan_tree(options_for(tree), rules);
  EXPECT_THAT(places(result, tree), ElementsAre("logo.png:0:0 place/image",
                                                "wp-content/uploads/x.php:0:0 place/uploads"));
  EXPECT_EQ(result.findings[1].excerpt, "wp-content/uploads/x.php");
  EXPECT_EQ(result.findings[1].view, ViewKind::kPath);
}

TEST(Scan, SeesOneSpellingInTheCodeViewAndPointsIntoTheFile) {
  const TempTree tree;
  tree.file("a.php", "<?php\n// eval(base64_decode(\n\n  EVAL (  'base'.\"64_\\x64ecode\" ( $x ) );\n");
  tree.file("b.php", "<?php // eval(base64_decode($x))\necho \"Dear \\x76ictim\";");
  const rules::RuleSet rules = Rules()
                                   .add("webshell/x", "{ code: \"eval\\\\('base64_decode'\\\\(\" }")
                                   .add("phishing/x", "{ text: 'Dear victim' }")
                                   .load();
  ScanOptions options = options_for(tree, 1);
  options.use_triggers = false;
  const ScanResult result = scan_tree(options, rules);
  EXPECT_THAT(places(result, tree),
              ElementsAre("a.php:4:3 webshell/x", "b.php:2:7 phishing/x"));
  EXPECT_EQ(result.findings[0].view, ViewKind::kCode);
}

TEST(Scan, StatesWhatServersAreToldToRun) {
  const TempTree tree;
  tree.file("up/.htaccess", "Options -Indexes\nAddHandler application/x-httpd-php .jpg\n");
  const rules::RuleSet rules =
      Rules().add("carrier/x", "{ fact: htaccess.handler-odd-extension }").load();
  EXPECT_THAT(places(scan_tree(options_for(tree), rules), tree),
              ElementsAre("up/.htaccess:2:1 carrier/x"));
}

TEST(Scan, FollowsTheFlowIntoMailAndThroughIncludes) {
  const TempTree tree;
  tree.file("form.php", "<?php\nmail($_POST['to'], 'Hi', 'text');\n");
  tree.file("main.php", "<?php\ninclude 'part/sets.php';\nmail($to, 'Hi', 'text');\n");
  tree.file("part/sets.php", "<?php $to = $_GET['to'];");
  tree.file("fixed.php", "<?php mail('a@example.com', 'Hi', 'text');");
  const rules::RuleSet rules =
      Rules()
          .add("open-relay/x", "{ fact: mail.recipient.request }",
               "message: '{sink} mails to {source}'\n")
          .load();
  const ScanResult result = scan_tree(options_for(tree, 1), rules);
  EXPECT_THAT(places(result, tree),
              ElementsAre("form.php:2:1 open-relay/x", "main.php:3:1 open-relay/x"));
  EXPECT_EQ(result.findings[0].message, "mail() mails to $_POST['to']");
  EXPECT_EQ(result.findings[0].excerpt, "mail($_POST['to'], 'Hi', 'text');");
  EXPECT_FALSE(result.findings[0].flow.empty());
}

TEST(Scan, JudgesSymlinksByWhereTheyLead) {
  const TempTree tree;
  tree.file("a.php", "<?php");
  tree.symlink("/", "root.txt");
  tree.symlink("a.php", "b.php");
  const rules::RuleSet rules = Rules().add("place/out", "{ fact: file.symlink-out }").load();
  const ScanResult result = scan_tree(options_for(tree), rules);
  EXPECT_THAT(places(result, tree), ElementsAre("root.txt:0:0 place/out"));
  EXPECT_EQ(result.summary.counts.skipped.at("symlink"), 2u);
}

TEST(Scan, AFileLongYoungerThanItsNeighboursIsAFact) {
  // ctime cannot be set, so the neighbours here are as young as the file: no fact.
  const TempTree tree;
  for (int i = 0; i < 12; ++i)
    tree.file("d/" + std::to_string(i) + ".php", "<?php eval($_POST['x']);");
  const rules::RuleSet rules =
      Rules().add("place/new", "{ fact: file.newer-than-neighbours }").load();
  EXPECT_THAT(scan_tree(options_for(tree), rules).findings, IsEmpty());
}

TEST(Scan, EndsAtTheTimeLimitAndSaysSo) {
  const TempTree tree;
  tree.file("a.php", "<?php");
  const rules::RuleSet rules = Rules().add("mailer/x", "{ raw: evil }").load();
  ScanOptions options = options_for(tree);
  options.time_limit = std::chrono::seconds(0);
  const ScanResult result = scan_tree(options, rules);
  EXPECT_FALSE(result.summary.is_complete);
  EXPECT_THAT(result.summary.incomplete_reasons, ElementsAre("time limit"));
}

TEST(Scan, EndsWhenInterruptedAndKeepsWhatItHas) {
  const TempTree tree;
  for (int i = 0; i < 50; ++i) tree.file(std::to_string(i) + ".php", "<?php evil();");
  const rules::RuleSet rules = Rules().add("mailer/x", "{ raw: evil }").load();
  Progress progress;
  const std::atomic<bool> interrupted{true};
  const ScanResult result = scan(options_for(tree), rules, progress, interrupted);
  EXPECT_FALSE(result.summary.is_complete);
  EXPECT_THAT(result.summary.incomplete_reasons, ElementsAre("interrupted"));
}

TEST(Scan, ReportsWhatItMayNotRead) {
  const TempTree tree;
  tree.file("a.php", "<?php evil();");
  tree.file("b.php", "<?php evil();");
  tree.mode("b.php", 0);
  const rules::RuleSet rules = Rules().add("mailer/x", "{ raw: evil }").load();
  ScanResult result;
  testing_support::as_nobody([&] { result = scan_tree(options_for(tree, 1), rules); });
  EXPECT_THAT(places(result, tree), ElementsAre("a.php:1:7 mailer/x"));
  ASSERT_THAT(result.errors, SizeIs(1));
  EXPECT_EQ(result.errors[0].path, tree / "b.php");
  EXPECT_EQ(result.errors[0].reason, "Permission denied");
  EXPECT_EQ(result.errors[0].stage, Stage::kRead);
  EXPECT_THAT(result.summary.incomplete_reasons, ElementsAre("not read: 1"));
}

TEST(Scan, MissingRootIsAnErrorAndTheRestIsScanned) {
  const TempTree tree;
  tree.file("a.php", "<?php evil();");
  const rules::RuleSet rules = Rules().add("mailer/x", "{ raw: evil }").load();
  ScanOptions options = options_for(tree);
  options.walk.roots.push_back(tree / "missing");
  const ScanResult result = scan_tree(options, rules);
  EXPECT_THAT(result.findings, SizeIs(1));
  EXPECT_THAT(result.errors, SizeIs(1));
  EXPECT_FALSE(result.summary.is_complete);
}

TEST(Scan, CountsProgress) {
  const TempTree tree;
  tree.file("a.php", "<?php evil();");
  tree.file("b.php", "<?php");
  const rules::RuleSet rules = Rules().add("mailer/x", "{ raw: evil }").load();
  Progress progress;
  const std::atomic<bool> interrupted{false};
  (void)scan(options_for(tree), rules, progress, interrupted);
  EXPECT_EQ(progress.files.load(), 2u);
  EXPECT_EQ(progress.bytes.load(), 18u);
  EXPECT_EQ(progress.findings.load(), 1u);
}

}  // namespace
}  // namespace backscan::scan

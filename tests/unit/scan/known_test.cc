// Scans with manifests of releases: what is the vendor's is left alone, what is not is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "known/make_manifest.h"
#include "unit/scan/scanning.h"

namespace backscan::scan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::options_for;
using testing_support::places;
using testing_support::Rules;
using testing_support::scan_tree;
using testing_support::TempTree;

class KnownScan : public testing::Test {
 protected:
  void SetUp() override {
    write_release("6.1.6", vendor_);
    const auto made = known::manifest_of_tree(vendor_.path(), {});
    ASSERT_TRUE(made);
    place_.file("w.known", known::write_manifest(*made));
    auto loaded = known::KnownGood::load({place_.path()});
    ASSERT_TRUE(loaded);
    known_.emplace(*std::move(loaded));
  }
  static void write_release(const std::string& version, const TempTree& tree,
                            const std::string& at = "") {
    tree.file(at + "wp-includes/version.php", "<?php\n$wp_version = '" + version + "';\n");
    for (const char* const name : {"a", "b", "c", "d"})
      tree.file(at + "wp-includes/" + name + ".php",
                "<?php\nevil_" + std::string(name) + "();\nmore();\n");
    tree.file(at + "wp-admin/x.js", "evil_x();" + std::string(40'000, ' '));
    tree.file(at + "wp-config-sample.php", "<?php\nevil_sample();\n");
    tree.file(at + "wp-content/plugins/p.php", "<?php\nevil_p();\n");
  }
  static rules::RuleSet rules() {
    return Rules()
        .add("mailer/evil", "{ raw: 'evil_\\w+\\(' }")
        .add("place/changed", "{ fact: file.changed-core }", "message: '{source}: {sink}'\n")
        .add("place/unknown", "{ fact: file.unknown-in-core }", "message: '{source}'\n")
        .load();
  }
  [[nodiscard]] ScanResult scan(unsigned jobs = 2) const {
    ScanOptions options = options_for(tree_, jobs);
    options.known_good = &*known_;
    return scan_tree(options, rules());
  }
  TempTree vendor_;
  TempTree place_;
  TempTree tree_;
  std::optional<known::KnownGood> known_;
};

TEST_F(KnownScan, TheVendorsFilesAreNotArguedAbout) {
  write_release("6.1.6", tree_, "site/blog/");
  tree_.file("site/a.php", "<?php\nevil_a();\nmore();\n");
  const ScanResult result = scan();
  EXPECT_THAT(places(result, tree_), ElementsAre("site/a.php:2:1 mailer/evil"))
      << "the same bytes outside the installation are what they are";
  EXPECT_EQ(result.summary.counts.skipped.at("known-good"), 8u);
  EXPECT_TRUE(result.summary.is_complete);
}

TEST_F(KnownScan, AChangedFileIsAFindingWithItsNewLines) {
  write_release("6.1.6", tree_);
  tree_.file("wp-includes/b.php", "<?php\nevil_b();\n@include '/tmp/.x';\nmore();\n");
  const ScanResult result = scan();
  EXPECT_THAT(places(result, tree_), ElementsAre("wp-includes/b.php:2:1 mailer/evil",
                                                 "wp-includes/b.php:3:1 place/changed"));
  const Finding& finding = result.findings[1];
  EXPECT_EQ(finding.message, "WordPress 6.1.6: 1 line added");
  EXPECT_THAT(finding.excerpt, HasSubstr("@include '/tmp/.x';"));
  ASSERT_THAT(finding.flow, SizeIs(1));
  EXPECT_EQ(finding.flow[0].line, 3u);
  EXPECT_EQ(finding.flow[0].what, "+ @include '/tmp/.x';");
}

TEST_F(KnownScan, LineEndsLooseFilesAndPluginsAreNoChanges) {
  write_release("6.1.6", tree_);
  tree_.file("wp-includes/b.php", "<?php\r\nevil_b();\r\nmore();\r\n");
  tree_.file("wp-config-sample.php", "<?php\nmine();\n");
  tree_.file("wp-content/plugins/p.php", "<?php\nmine();\n");
  EXPECT_THAT(places(scan(), tree_), IsEmpty());
}

TEST_F(KnownScan, PhpThatTheVendorDoesNotShipIsAFindingInItsDirectories) {
  write_release("6.1.6", tree_);
  tree_.file("wp-includes/deep/new.php", "<?php\nhello();\n");
  tree_.file("wp-includes/index.php", "<?php\n// Silence is golden.\n");
  tree_.file("wp-includes/error_log", "PHP Parse error: unexpected '<?php'\n");
  tree_.file("wp-content/uploads/new.php", "<?php\nhello();\n");
  tree_.file("mine.php", "<?php\nhello();\n");
  EXPECT_THAT(places(scan(), tree_), ElementsAre("wp-includes/deep/new.php:0:0 place/unknown"));
}

TEST_F(KnownScan, APartOfASiteAndAListOfFilesAreOfTheSiteStill) {
  write_release("6.1.6", tree_, "site/");
  tree_.file("site/wp-includes/b.php", "<?php\nother();\n");
  tree_.file("site/wp-includes/new.php", "<?php\nother();\n");
  ScanOptions options = options_for(tree_);
  options.known_good = &*known_;
  options.walk.roots = {tree_ / "site/wp-includes/a.php", tree_ / "site/wp-includes/b.php",
                        tree_ / "site/wp-includes/new.php"};
  const std::vector<std::string> expected = {"site/wp-includes/b.php:2:1 place/changed",
                                             "site/wp-includes/new.php:0:0 place/unknown"};
  EXPECT_EQ(places(scan_tree(options, rules()), tree_), expected);
  options.walk.roots = {tree_ / "site/wp-includes"};
  EXPECT_EQ(places(scan_tree(options, rules()), tree_), expected);
}

TEST_F(KnownScan, AnotherReleaseIsNotComparedAndThatIsTold) {
  write_release("6.2", tree_, "site/");
  const ScanResult result = scan(8);
  EXPECT_THAT(result.findings, SizeIs(7)) << "judged as ever";
  ASSERT_THAT(result.errors, SizeIs(1)) << "once, however many threads";
  EXPECT_EQ(result.errors[0].path, tree_ / "site");
  EXPECT_THAT(result.errors[0].reason,
              HasSubstr("is WordPress 6.2, of which no manifest was given"));
  EXPECT_TRUE(result.errors[0].is_note);
  EXPECT_TRUE(result.summary.is_complete);
}

TEST_F(KnownScan, ASymlinkInTheWayIsNoInstallation) {
  write_release("6.1.6", tree_, "real/");
  tree_.directory("fake");
  tree_.symlink("../real/wp-includes", "fake/wp-includes");
  tree_.file("fake/wp-admin/evil.php", "<?php\nhello();\n");
  EXPECT_THAT(places(scan(), tree_), IsEmpty());
}

TEST_F(KnownScan, TheResultIsTheSameWhateverTheNumberOfThreads) {
  for (int i = 0; i < 20; ++i) write_release("6.1.6", tree_, "site" + std::to_string(i) + "/");
  tree_.file("site7/wp-includes/b.php", "<?php\nelse();\n");
  tree_.file("site9/wp-admin/new.php", "<?php\nelse();\n");
  const ScanResult one = scan(1);
  EXPECT_THAT(one.findings, SizeIs(2));
  EXPECT_EQ(testing_support::dump(one), testing_support::dump(scan(8)));
}

TEST_F(KnownScan, WithAStateAnUpdateIsComparedAnew) {
  const TempTree state;
  write_release("6.2", tree_);
  ScanOptions options = options_for(tree_);
  options.known_good = &*known_;
  options.state_directory = state.path();
  const rules::RuleSet quiet =
      Rules().add("place/changed", "{ fact: file.changed-core }", "message: '{source}'\n").load();
  EXPECT_THAT(scan_tree(options, quiet).findings, IsEmpty());
  // The release's number changes, and with it what b.php should be, though b.php itself does not.
  tree_.file("wp-includes/b.php", "<?php\nother();\n");
  EXPECT_THAT(scan_tree(options, quiet).findings, IsEmpty());
  tree_.file("wp-includes/version.php", "<?php\n$wp_version = '6.1.6';\n");
  EXPECT_THAT(places(scan_tree(options, quiet), tree_),
              ElementsAre("wp-includes/b.php:2:1 place/changed"));
}

}  // namespace
}  // namespace backscan::scan

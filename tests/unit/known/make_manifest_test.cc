// Manifests of trees and of published checksums.
#include "known/make_manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/walk/temp_tree.h"

namespace backscan::known {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using testing_support::TempTree;

std::string why(const Result<Manifest>& result) {
  return result ? "" : result.error().message();
}

std::vector<std::string> paths(const Manifest& manifest) {
  std::vector<std::string> all;
  for (const KnownFile& file : manifest.files) all.push_back(file.path);
  return all;
}

void write_wordpress(const TempTree& tree) {
  tree.file("wp-includes/version.php", "<?php\n$wp_version = '6.1.6';\n");
  tree.file("wp-admin/index.php", "<?php\n");
  tree.file("wp-admin/a.css", "a{}");
}

TEST(ManifestOfTree, NamesTheReleaseByItself) {
  const TempTree tree;
  write_wordpress(tree);
  const auto manifest = manifest_of_tree(tree.path(), {});
  ASSERT_TRUE(manifest) << why(manifest);
  EXPECT_EQ(manifest->title(), "WordPress 6.1.6");
  EXPECT_EQ(manifest->mark.path, "wp-includes/version.php");
  EXPECT_EQ(manifest->mark.line, "$wp_version = '6.1.6';");
  EXPECT_THAT(manifest->sealed, UnorderedElementsAre("wp-admin/", "wp-includes/"));
  EXPECT_THAT(paths(*manifest),
              ElementsAre("wp-admin/a.css", "wp-admin/index.php", "wp-includes/version.php"));
  EXPECT_EQ(manifest->files[0].size, 3u);
  EXPECT_EQ(manifest->files[0].digest, digest_of(HashKind::kSha256, "a{}"));
  EXPECT_THAT(manifest->files[0].lines, IsEmpty()) << "no PHP";
  EXPECT_EQ(manifest->files[1].lines.size(), 4u);
}

TEST(ManifestOfTree, SealsDirectoriesThatHoldTheVendorsPhp) {
  const TempTree tree;
  tree.file("example.php", "<?php\n/* Plugin Name: Example\n * Version: 2 */");
  for (const char* const name : {"lib/a.php", "lib/b.php", "lib/c.php", "lib/deep/one.php"})
    tree.file(name, "<?php\n");
  const auto manifest =
      manifest_of_tree(tree.path(), {.product = "Example", .version = {}, .mark = {}});
  ASSERT_TRUE(manifest) << why(manifest);
  EXPECT_EQ(manifest->title(), "Example 2");
  EXPECT_THAT(manifest->sealed, ElementsAre("lib/*"));
}

TEST(ManifestOfTree, AsksForWhatNoFileSays) {
  const TempTree tree;
  tree.file("a.php", "<?php\n");
  EXPECT_THAT(why(manifest_of_tree(tree.path(), {})), HasSubstr("--mark"));
  EXPECT_THAT(why(manifest_of_tree(tree.path(), {.product = {}, .version = {}, .mark = "a.php"})),
              HasSubstr("--product"));
  EXPECT_THAT(why(manifest_of_tree(tree.path(), {.product = "x", .version = {}, .mark = "b.php"})),
              HasSubstr("holds no file b.php"));
  EXPECT_TRUE(manifest_of_tree(tree.path(), {.product = "x", .version = {}, .mark = "a.php"}));
  const TempTree empty;
  EXPECT_THAT(why(manifest_of_tree(empty.path(), {})), HasSubstr("holds no files"));
  EXPECT_THAT(why(manifest_of_tree(tree / "missing", {})), HasSubstr("missing"));
}

TEST(ManifestOfTree, AFileThatCannotBeReadIsNoHole) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  const TempTree tree;
  write_wordpress(tree);
  tree.mode("wp-admin/index.php", 0);
  EXPECT_THAT(why(manifest_of_tree(tree.path(), {})), HasSubstr("wp-admin/index.php"));
}

const std::string kMd5(32, 'a');
const std::string kOther(32, 'b');
const std::string kSha256(64, 'c');

Result<Manifest> of(std::string_view text, const ManifestOptions& options = {}) {
  return manifest_of_checksums("sums", text, options);
}

TEST(ManifestOfChecksums, ReadsWordPressCore) {
  const auto manifest = of(R"({"checksums":{"wp-includes\/version.php":")" + kMd5 +
                           R"(","index.php":")" + kOther + "\"}}");
  ASSERT_TRUE(manifest) << why(manifest);
  EXPECT_EQ(manifest->product, "WordPress");
  EXPECT_THAT(paths(*manifest), ElementsAre("index.php", "wp-includes/version.php"));
  EXPECT_EQ(manifest->files[0].kind, HashKind::kMd5);
  EXPECT_THAT(manifest->mark.line, IsEmpty()) << "the file as a whole";
}

TEST(ManifestOfChecksums, OfAForkTheNameDecides) {
  const auto manifest = of(kMd5 + "  wp-includes/version.php\n",
                           {.product = "ClassicPress", .version = "2", .mark = {}});
  ASSERT_TRUE(manifest) << why(manifest);
  EXPECT_EQ(manifest->title(), "ClassicPress 2");
  EXPECT_THAT(manifest->sealed, UnorderedElementsAre("wp-admin/", "wp-includes/"));
}

TEST(ManifestOfChecksums, ReadsCoreBelowItsRelease) {
  const auto manifest = of(R"({"checksums":{"6.1":{"wp-includes/version.php":")" + kMd5 + "\"}}}");
  ASSERT_TRUE(manifest) << why(manifest);
  EXPECT_EQ(manifest->title(), "WordPress 6.1");
}

TEST(ManifestOfChecksums, ReadsPluginsWithSeveralDigestsAFile) {
  const auto manifest = of(
      R"({"plugin":"example","version":"5.0","files":{"example.php":{"md5":[")" + kMd5 + R"(",")" +
      kOther + R"("]},"readme.txt":{"md5":")" + kMd5 + R"(","sha256":")" + kSha256 + "\"}}}");
  ASSERT_TRUE(manifest) << why(manifest);
  EXPECT_EQ(manifest->title(), "example 5.0");
  EXPECT_EQ(manifest->mark.path, "example.php");
  EXPECT_THAT(paths(*manifest), ElementsAre("example.php", "example.php", "readme.txt"));
  EXPECT_EQ(manifest->files[2].kind, HashKind::kSha256) << "the strongest";
}

TEST(ManifestOfChecksums, ReadsLinesOfMd5sumAndOfDpkg) {
  const auto manifest =
      of(kMd5 + "  usr/share/wordpress/wp-includes/version.php\n" + kOther +
         "  usr/share/wordpress/index.php\n" + kOther + "  usr/share/doc/wordpress/copyright\n");
  ASSERT_TRUE(manifest) << why(manifest);
  EXPECT_EQ(manifest->product, "WordPress");
  EXPECT_THAT(paths(*manifest), ElementsAre("index.php", "wp-includes/version.php"));
  const auto other = of(kMd5 + " *./lib/x/a.php\n# a comment\n\\" + kMd5 + "  lib/x/b\\nc.php\r\n",
                        {.product = "x", .version = "1", .mark = "a.php"});
  ASSERT_TRUE(other) << why(other);
  EXPECT_THAT(paths(*other), ElementsAre("a.php", "b\nc.php"))
      << "what all PHP lies in is the root";
}

TEST(ManifestOfChecksums, ReadsSignedListsOfDrupal) {
  const auto manifest =
      of("untrusted comment: verify with example.pub\nRWQabc\n2026-01-01\n"
         "untrusted comment: more\nRWQdef\nSHA256 (core/lib/Drupal.php) = " +
         kSha256 + "\nSHA256 (index.php) = " + kSha256 + "\n");
  ASSERT_TRUE(manifest) << why(manifest);
  EXPECT_EQ(manifest->product, "Drupal");
  EXPECT_THAT(paths(*manifest), ElementsAre("core/lib/Drupal.php", "index.php"));
}

TEST(ManifestOfChecksums, SaysWhereItStopped) {
  EXPECT_EQ(why(of("hello\n")), "sums:1: no checksum of a file");
  EXPECT_EQ(why(of(kMd5 + "  a.php\nuntrusted comment: x\n")), "sums:2: no checksum of a file");
  EXPECT_EQ(why(of("{")), "sums: not JSON");
  EXPECT_EQ(why(of(R"({"checksums":{"a.php":"zz"}})")), "sums: no MD5, SHA-1 or SHA-256 of a.php");
  EXPECT_EQ(why(of("")), "sums: holds no checksums");
  EXPECT_THAT(why(of(kMd5 + "  a.php\n")), HasSubstr("--mark"));
}

TEST(ManifestOfChecksums, EveryTruncationIsAnErrorOrAPartNeverACrash) {
  const std::string text = R"({"plugin":"e","files":{"e.php":{"md5":[")" + kMd5 + R"("]}}})";
  for (std::size_t length = 0; length < text.size(); ++length)
    EXPECT_FALSE(of(text.substr(0, length))) << length;
}

}  // namespace
}  // namespace backscan::known

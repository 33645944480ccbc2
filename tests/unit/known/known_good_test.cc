// Manifests loaded, installations recognised, files compared.
#include "known/known_good.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "known/make_manifest.h"
#include "unit/walk/temp_tree.h"

namespace backscan::known {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::TempTree;

using Files = std::map<std::string, std::string, std::less<>>;

Files wordpress(const std::string& version) {
  return {{"wp-includes/version.php", "<?php\n$wp_version = '" + version + "';\n"},
          {"wp-includes/a.php", "<?php\na();\nb();\n"},
          {"wp-includes/b.php", "<?php\nb();\n"},
          {"wp-admin/c.php", "<?php\nc();\n"},
          {"wp-content/plugins/p.php", "<?php\np();\n"}};
}

TreeReader reader(Files files) {
  return [files = std::move(files)](std::string_view path) -> std::optional<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return std::nullopt;
    return found->second;
  };
}

class KnownGoodTest : public testing::Test {
 protected:
  std::string manifest(const Files& files, const std::string& name) {
    const TempTree tree;
    for (const auto& [path, text] : files) tree.file(path, text);
    const auto made = manifest_of_tree(tree.path(), {});
    EXPECT_TRUE(made);
    place_.file(name, write_manifest(*made));
    return place_ / name;
  }
  TempTree place_;
};

TEST_F(KnownGoodTest, RecognisesTheReleaseAmongOthers) {
  manifest(wordpress("6.1.6"), "a.known");
  manifest(wordpress("6.2"), "b.known");
  place_.file("notes.txt", "no manifest");
  const auto known = KnownGood::load({place_.path()});
  ASSERT_TRUE(known) << known.error().message();
  EXPECT_THAT(known->mark_paths(), ElementsAre("wp-includes/version.php"));
  const auto found = known->recognise(reader(wordpress("6.2")));
  ASSERT_NE(found.release, nullptr);
  EXPECT_EQ(found.release->head().title(), "WordPress 6.2");
}

TEST_F(KnownGoodTest, AnAlteredMarkIsRecognisedByItsLine) {
  manifest(wordpress("6.1.6"), "a.known");
  const auto known = KnownGood::load({place_.path()});
  Files files = wordpress("6.1.6");
  files["wp-includes/version.php"] += "@include '/tmp/x';\n";
  EXPECT_NE(known->recognise(reader(files)).release, nullptr);
  files["wp-includes/version.php"] = "<?php\n$x = \"$wp_version = '6.1.6';\";\n";
  EXPECT_EQ(known->recognise(reader(files)).release, nullptr) << "not the line itself";
}

TEST_F(KnownGoodTest, AReleaseWithoutAManifestIsNamed) {
  manifest(wordpress("6.1.6"), "a.known");
  const auto known = KnownGood::load({place_.path()});
  const auto found = known->recognise(reader(wordpress("6.3")));
  EXPECT_EQ(found.release, nullptr);
  EXPECT_EQ(found.unlisted, "WordPress 6.3");
  EXPECT_EQ(known->recognise(reader({})).unlisted, "");
}

TEST_F(KnownGoodTest, ALoneCopyOfTheMarkIsNoInstallation) {
  manifest(wordpress("6.1.6"), "a.known");
  const auto known = KnownGood::load({place_.path()});
  const auto found =
      known->recognise(reader({{"wp-includes/version.php", "<?php\n$wp_version = '6.1.6';\n"}}));
  EXPECT_EQ(found.release, nullptr);
}

TEST_F(KnownGoodTest, AnotherApplicationWithTheSameNumberIsNotThisRelease) {
  manifest(wordpress("6.1.6"), "a.known");
  const auto known = KnownGood::load({place_.path()});
  Files fork = wordpress("6.1.6");
  fork["wp-includes/version.php"] += "$cp_version = '2.0';\n";
  EXPECT_EQ(known->recognise(reader(fork)).release, nullptr);
  EXPECT_EQ(known->recognise(reader(fork)).unlisted, "ClassicPress 2.0");
  Files other = wordpress("6.1.6");
  for (auto& [path, text] : other)
    if (path != "wp-includes/version.php") text = "<?php\nsomething_else();\n";
  EXPECT_EQ(known->recognise(reader(other)).release, nullptr);
  Files infected = wordpress("6.1.6");
  for (auto& [path, text] : infected) text.insert(6, "@include '/tmp/x';\n");
  EXPECT_NE(known->recognise(reader(infected)).release, nullptr) << "every file has a line more";
}

TEST_F(KnownGoodTest, OfTwoBuildsTheOneWhoseMarkItIs) {
  Files german = wordpress("6.1.6");
  german["wp-includes/version.php"] += "$wp_local_package = 'de_DE';\n";
  manifest(wordpress("6.1.6"), "a.known");
  manifest(german, "b.known");
  const auto known = KnownGood::load({place_.path()});
  const auto found = known->recognise(reader(german));
  ASSERT_NE(found.release, nullptr);
  EXPECT_EQ(found.release->compare("wp-includes/version.php", german["wp-includes/version.php"]),
            Standing::kOriginal);
}

TEST_F(KnownGoodTest, ComparesByDigestAndForgivesLineEnds) {
  const auto loaded = Release::load(manifest(wordpress("6.1.6"), "a.known"));
  ASSERT_TRUE(loaded) << loaded.error().message();
  const Release& release = **loaded;
  EXPECT_EQ(release.compare("wp-includes/a.php", "<?php\na();\nb();\n"), Standing::kOriginal);
  EXPECT_EQ(release.compare("wp-includes/a.php", "<?php\r\na();\r\nb();\r\n"), Standing::kOriginal);
  EXPECT_EQ(release.compare("wp-includes/a.php", "<?php\na();\nx();\n"), Standing::kChanged)
      << "same size";
  EXPECT_EQ(release.compare("wp-includes/a.php", ""), Standing::kChanged);
  EXPECT_EQ(release.compare("wp-includes/x.php", ""), Standing::kNotListed);
  EXPECT_TRUE(release.is_sealed("wp-includes/x.php"));
  EXPECT_TRUE(release.is_loose("wp-content/plugins/p.php"));
  EXPECT_EQ(release.original_lines("wp-includes/a.php"), mark_lines("<?php\na();\nb();\n"));
}

TEST_F(KnownGoodTest, AManifestThatChangedSinceGivesNoLines) {
  const std::string file = manifest(wordpress("6.1.6"), "a.known");
  const auto loaded = Release::load(file);
  ASSERT_TRUE(loaded);
  place_.file("a.known", "{}\n");
  EXPECT_EQ((*loaded)->original_lines("wp-includes/a.php"), std::nullopt);
}

TEST_F(KnownGoodTest, SeveralDigestsOfAFileAreAllRight) {
  place_.file("p.known",
              R"({"type":"known-good","schema_version":1,"product":"p","mark":{"path":"p.php"}})"
              "\n{\"path\":\"p.php\",\"md5\":\"" +
                  hex_of(digest_of(HashKind::kMd5, "one")) +
                  "\"}\n"
                  "{\"path\":\"p.php\",\"sha1\":\"" +
                  hex_of(digest_of(HashKind::kSha1, "two")) + "\"}\n");
  const auto loaded = Release::load(place_ / "p.known");
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_EQ((*loaded)->compare("p.php", "one"), Standing::kOriginal);
  EXPECT_EQ((*loaded)->compare("p.php", "two"), Standing::kOriginal);
  EXPECT_EQ((*loaded)->compare("p.php", "three"), Standing::kChanged);
}

TEST_F(KnownGoodTest, ErrorsNameTheFileAndTheLine) {
  const auto error = [&](const std::string& name) {
    const auto known = KnownGood::load({place_ / name});
    return known ? std::string() : known.error().message();
  };
  place_.file("empty.known", "");
  place_.file("none.known", "hello\n");
  place_.file("bad.known",
              R"({"type":"known-good","schema_version":1,"product":"p","mark":{"path":"p.php"}})"
              "\n{\"path\":\"p.php\"}\n");
  place_.directory("nothing");
  EXPECT_THAT(error("empty.known"), HasSubstr("is empty"));
  EXPECT_THAT(error("none.known"), HasSubstr("none.known:1: not JSON"));
  EXPECT_THAT(error("bad.known"), HasSubstr("bad.known:2: none of"));
  EXPECT_THAT(error("nothing"), HasSubstr("holds no manifests"));
  EXPECT_THAT(error("missing.known"), HasSubstr("No such file"));
}

}  // namespace
}  // namespace backscan::known

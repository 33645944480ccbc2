#include "scan/place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scan/symlink.h"

namespace backscan::scan {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

PlaceMarks marks_of(std::string_view directory) { return marks_of_directory("/srv/www", directory); }

std::vector<std::string> names(PlaceMarks marks, std::string_view bytes) {
  std::vector<std::string> names;
  for (const Fact& fact : place_facts(marks, bytes)) names.emplace_back(fact.name);
  return names;
}

TEST(Place, KnowsDirectoriesWherePhpHasNoBusiness) {
  EXPECT_EQ(marks_of("wp-content/uploads/2026/01"), kInUploads);
  EXPECT_EQ(marks_of("sites/default/files/styles"), kInUploads);
  EXPECT_EQ(marks_of("sites/default/filesystem"), 0u);
  EXPECT_EQ(marks_of("var/Cache/twig"), kInCache);
  EXPECT_EQ(marks_of(".well-known/acme-challenge"), kInWellKnown);
  EXPECT_EQ(marks_of("theme/images"), kInAssets);
  EXPECT_EQ(marks_of("a/.x/b"), kHidden);
  EXPECT_EQ(marks_of("lib/uploader"), 0u);
  EXPECT_EQ(marks_of(""), 0u);
}

TEST(Place, AnExtensionMayBeNamedLikeADirectoryOfFiles) {
  EXPECT_EQ(marks_of("plugins/avatars"), 0u);
  EXPECT_EQ(marks_of("sites/all/Modules/upload/src"), 0u);
  EXPECT_EQ(marks_of("plugins/gallery/avatars"), kInUploads);
}

TEST(Place, AnAssetDirectoryIsTheLastOne) { EXPECT_EQ(marks_of("assets/src/Model"), 0u); }

TEST(Place, SeesUploadsAboveTheRoot) {
  EXPECT_EQ(marks_of_directory("/home/u/www/wp-content/uploads", "2026"), kInUploads);
  EXPECT_EQ(marks_of_directory("/home/u/www/wp-content/uploads/2026", ""), kInUploads);
  EXPECT_EQ(marks_of_directory("/var/cache/www", ""), 0u);
}

TEST(Place, TellsRandomNamesFromGivenOnes) {
  for (const char* name : {"a7f3k9q2.php", "x1y2z3w.php", "bcdfghjk.php", "wqrtplkj.php"})
    EXPECT_TRUE((marks_of_name(name, NameKind::kPhp) & kRandomName) != 0) << name;
  for (const char* name :
       {"index.php", "class-wp-query.php", "utf8mb4.php", "Base64Url.php", "phpmailer.php",
        "sha256.php", "md5.php", "iso8859_1.php", "xmlrpc.php", "bcrypt.php", "oauth2client.php",
        "0cc175b9c0f1b6a831c399e269772661.php", "wp-cron.php", "html5lib.php", "x86.php"})
    EXPECT_TRUE((marks_of_name(name, NameKind::kPhp) & kRandomName) == 0) << name;
}

TEST(Place, TellsDoubleExtensionsFromTemplates) {
  for (const char* name : {"a.php.jpg", "a.jpg.php", "invoice.pdf.phtml", "x.PHP5.gif"})
    EXPECT_TRUE((marks_of_name(name, NameKind::kPhp) & kDoubleExtension) != 0) << name;
  for (const char* name : {"page.html.php", "node.tpl.php", "class.smtp.php", "a.php", "php.jpg"})
    EXPECT_TRUE((marks_of_name(name, NameKind::kPhp) & kDoubleExtension) == 0) << name;
}

TEST(Place, FactsNeedMoreThanAStub) {
  EXPECT_THAT(names(kInUploads, "<?php\n// Silence is golden.\n"), IsEmpty());
  EXPECT_THAT(names(kInUploads, "<?php /* nothing */ ?>\n"), IsEmpty());
  EXPECT_THAT(names(kInUploads, "<?php\n# x ?><?php eval(1);\n"),
              Contains("file.php-in-uploads"));
  EXPECT_THAT(names(kInUploads, "<?php exit;"), Contains("file.php-in-uploads"));
}

TEST(Place, PhpUnderAnotherNameIsAFact) {
  EXPECT_THAT(names(kNotPhpByName | kImageByName, "\xFF\xD8\xFF <?php exit;"),
              testing::UnorderedElementsAre("file.php-by-content", "file.php-in-image"));
  EXPECT_THAT(names(kNotPhpByName, "<?php exit;"), testing::ElementsAre("file.php-by-content"));
  EXPECT_THAT(names(0, "GIF89a<?php exit;"), testing::ElementsAre("file.php-in-image"));
  EXPECT_THAT(names(0, "<?php exit;"), IsEmpty());
}

TEST(Place, SymlinksOutOfTheRoot) {
  EXPECT_TRUE(leads_out("/srv/www", "a", "/etc/passwd"));
  EXPECT_TRUE(leads_out("/srv/www", "a", "../../x"));
  EXPECT_TRUE(leads_out("/srv/www", "", "/srv/www2"));
  EXPECT_TRUE(leads_out("/srv/www", "", "/"));
  EXPECT_FALSE(leads_out("/srv/www", "a/b", "../../x"));
  EXPECT_FALSE(leads_out("/srv/www", "a", "/srv/www/b"));
  EXPECT_FALSE(leads_out("/", "a", "/etc/passwd"));
}

}  // namespace
}  // namespace backscan::scan

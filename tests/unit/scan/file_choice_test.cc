#include "scan/file_choice.h"

#include <gtest/gtest.h>

namespace backscan::scan {
namespace {

TEST(FileChoice, KnowsPhpByItsNames) {
  for (const char* name : {"index.php", "INDEX.PHP", "a.php5", "a.phtml", "a.phar", "x.inc",
                           "node.module", "a.php.jpg", "a.php.bak", "wp.php.suspected",
                           ".hidden.php"})
    EXPECT_EQ(kind_of_name(name), NameKind::kPhp) << name;
}

TEST(FileChoice, KnowsCarriersImagesAndTexts) {
  EXPECT_EQ(kind_of_name(".htaccess"), NameKind::kCarrier);
  EXPECT_EQ(kind_of_name(".user.ini"), NameKind::kCarrier);
  EXPECT_EQ(kind_of_name("php.ini"), NameKind::kCarrier);
  EXPECT_EQ(kind_of_name("www.conf"), NameKind::kCarrier);
  EXPECT_EQ(kind_of_name("desktop.ini"), NameKind::kOther);
  EXPECT_EQ(kind_of_name("logo.PNG"), NameKind::kImage);
  EXPECT_EQ(kind_of_name("a.html"), NameKind::kText);
  EXPECT_EQ(kind_of_name("README"), NameKind::kOther);
  EXPECT_EQ(kind_of_name(""), NameKind::kOther);
  EXPECT_EQ(kind_of_name("."), NameKind::kOther);
  EXPECT_EQ(kind_of_name("phpinfo"), NameKind::kOther);
}

TEST(FileChoice, FindsOpenTags) {
  EXPECT_TRUE(has_php_tag("GIF89a<?php phpinfo();"));
  EXPECT_TRUE(has_php_tag("<?PHP\n"));
  EXPECT_TRUE(has_php_tag("<?= $title_of_page ?>"));
  EXPECT_TRUE(has_php_tag("<? echo $title_of_page;"));
  EXPECT_TRUE(has_php_tag("<?@strtoupper($title_of_page);"));
  EXPECT_TRUE(has_php_tag("<?$title_of_page = 'x';"));
  EXPECT_TRUE(has_php_tag("<?error_reporting(0); echo 1;"));
  EXPECT_TRUE(has_php_tag("x <script language=\"php\">echo 1;</script>"));
  EXPECT_TRUE(has_php_tag("<SCRIPT LANGUAGE='PHP'>"));
}

TEST(FileChoice, IsNotFooledByMarkupOrNoise) {
  EXPECT_FALSE(has_php_tag(""));
  EXPECT_FALSE(has_php_tag("<"));
  EXPECT_FALSE(has_php_tag("<?"));
  EXPECT_FALSE(has_php_tag("<?xml version=\"1.0\"?>"));
  EXPECT_FALSE(has_php_tag("<?mso-application progid=\"Word.Document\"?>"));
  EXPECT_FALSE(has_php_tag("<?import namespace=\"x\" implementation=\"#default\"?>"));
  EXPECT_FALSE(has_php_tag("<script>var php = language;</script>"));
  EXPECT_FALSE(has_php_tag(std::string_view("\x01<?=\x80\xFF\x03\0\x11\x12 binary", 17)));
}

TEST(FileChoice, TakesAManualForProseUnlessItBeginsAsAProgram) {
  EXPECT_TRUE(is_prose("install.md", "# Setup\n```php\n<?php echo 1;\n```\n"));
  EXPECT_TRUE(is_prose("GUIDE.RST", "Guide\n=====\n"));
  EXPECT_FALSE(is_prose("install.md", "\xEF\xBB\xBF\n <?php system($_GET['c']);"));
  EXPECT_FALSE(is_prose("install.md.php", "# Setup"));
  EXPECT_FALSE(is_prose("md", "# Setup"));
}

}  // namespace
}  // namespace backscan::scan

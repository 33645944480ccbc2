#include "known/product.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace backscan::known {
namespace {

const Product& product(std::string_view mark) {
  return *std::ranges::find(products(), mark, &Product::mark_path);
}

TEST(Product, EveryPatternCompilesAndFindsItsLine) {
  struct Sample {
    std::string_view mark;
    std::string_view text;
  };
  for (const Sample& sample : std::initializer_list<Sample>{
           {"wp-includes/version.php", "<?php\n  $cp_version = '6.1.6';\n"},
           {"administrator/manifests/files/joomla.xml", "<x>\n\t<version>6.1.6</version>\n"},
           {"core/lib/Drupal.php", "class Drupal {\n  const VERSION = '6.1.6';\n"},
           {"includes/bootstrap.inc", "define('VERSION', '6.1.6');"},
           {"includes/Defines.php", "define( 'MW_VERSION', '6.1.6' );\r\n"},
           {"libraries/classes/Version.php",
            "    public const VERSION = '6.1.6' . VERSION_SUFFIX;\n"},
           {"program/include/iniset.php", "define('RCMAIL_VERSION', '6.1.6');"},
           {"includes/constants.php", "@define('PHPBB_VERSION', '6.1.6');"},
           {"app/AppKernel.php", "    public const VERSION = '6.1.6';"},
           {"version.php", "$release  = '6.1.6 (Build: 20260101)';"},
           {"index.php", "define('VERSION', '6.1.6');"}}) {
    const auto line = version_line(product(sample.mark), sample.text);
    ASSERT_TRUE(line) << sample.mark;
    EXPECT_TRUE(line->version.starts_with("6.1.6")) << sample.mark;
    EXPECT_EQ(line->line.find_first_of("\r\n"), std::string::npos);
    EXPECT_NE(line->line.front(), ' ');
  }
  EXPECT_EQ(products().size(), 12u) << "a product without a sample";
}

TEST(Product, AForkIsNotWhatItWasForkedFrom) {
  const std::string fork = "<?php\n$wp_version = '6.2.6';\n$cp_version = '2.1';\n";
  const std::string_view mark = "wp-includes/version.php";
  EXPECT_TRUE(is_of_fork("WordPress", mark, fork));
  EXPECT_FALSE(is_of_fork("ClassicPress", mark, fork));
  EXPECT_FALSE(is_of_fork("WordPress", mark, "<?php\n$wp_version = '6.2.6';\n"));
  EXPECT_FALSE(is_of_fork("Example", "version.php", fork));
}

TEST(Product, OthersSayItInTheirOwnWords) {
  const auto plugin = own_words_of_version(
      "example.php", "<?php\n/**\n * Plugin Name: Example\n * Version: 2.0.1\n */\n");
  ASSERT_TRUE(plugin);
  EXPECT_EQ(plugin->version, "2.0.1");
  EXPECT_EQ(plugin->line, "* Version: 2.0.1");
  EXPECT_EQ(own_words_of_version("style.css", "/*\nTheme Name: X\nVersion: 3\n*/")->version, "3");
  EXPECT_EQ(own_words_of_version("composer.json", "{\n \"version\": \"1.4\"\n}")->version, "1.4");
  EXPECT_EQ(own_words_of_version("lib/version.php", "<?php\nreturn '1.0.2';")->version, "1.0.2");
  EXPECT_FALSE(own_words_of_version("example.php", "<?php // Version: 1.0"));
  EXPECT_FALSE(own_words_of_version("version.php", "<?php\n"));
}

}  // namespace
}  // namespace backscan::known

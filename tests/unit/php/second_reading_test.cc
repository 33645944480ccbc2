// Files that a server of yesterday and one of today read differently: short and ASP tags. What
// either runs must be seen, whatever the other takes for text (php/second_reading.h).
#include "php/second_reading.h"

#include <gtest/gtest.h>

#include <string>

namespace backscan::php {
namespace {

TEST(SecondReading, BlanksTagsThatMayBeTextAndKeepsOffsets) {
  EXPECT_EQ(without_short_tags("<? /* ?><?php a();"), "   /* ?><?php a();");
  EXPECT_EQ(without_short_tags("<% ' %><?= $a ?>"), "   ' %><?= $a ?>");
  EXPECT_EQ(without_short_tags("<?\n<<<X ?> <?PHP b();"), "  \n<<<X ?> <?PHP b();");
}

TEST(SecondReading, IsNotMadeForTagsInsideTheProgram) {
  for (const std::string source :
       {"<?php $a='<?xml version';?><p><?php b();", "<?php /* <% */ c(); ?><?= $a ?>",
        "<?php\nif($a<5)$b='<?'; ?><?php d();"})
    EXPECT_EQ(without_short_tags(source), std::nullopt) << source;
  // What only might be inside counts as outside.
  for (const std::string source :
       {"<?php $a='?>';$b='<?xml';?><?php c();", "<?phpx <? a(); ?><?php b();",
        "<?php // </SCRIPT><? \n?><?php d();", "<?php a(); %><% ' %><?php d();"})
    EXPECT_TRUE(without_short_tags(source).has_value()) << source;
}

TEST(SecondReading, IsNotMadeWhereItCouldShowNothingNew) {
  for (const std::string source :
       {"", "<", "<?", "<?php a();", "<?= $a ?><?php b(); ?>", "<? a(); ?>",
        "<?php a(); ?><? b(); ?>", "<p>1 < 2</p><?php c();"})
    EXPECT_EQ(without_short_tags(source), std::nullopt) << source;
}

}  // namespace
}  // namespace backscan::php

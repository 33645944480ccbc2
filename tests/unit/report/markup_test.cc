#include "report/markup.h"

#include <gtest/gtest.h>

namespace backscan::report {
namespace {

TEST(Markup, XmlEscapesMarkupControlsAndForbiddenCharacters) {
  EXPECT_EQ(xml_escape("<a b=\"c\" d='e'>&"), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
  EXPECT_EQ(xml_escape("a\x01\nb"), "a\\x01\\nb");
  EXPECT_EQ(xml_escape("\xEF\xBF\xBF|\xEF\xBF\xBE"), "\xEF\xBF\xBD|\xEF\xBF\xBD");
  EXPECT_EQ(xml_escape("\xff"), "\xEF\xBF\xBD");
}

TEST(Markup, MarkdownDefusesLinksMentionsHtmlAndTables) {
  EXPECT_EQ(markdown_escape("[a](http://b) @c <d> |e| *f*"),
            "\\[a\\]\\(http&#58;//b\\) &#64;c &lt;d&gt; \\|e\\| \\*f\\*");
  EXPECT_EQ(markdown_escape("# a\n- b"), "\\# a\\\\n\\- b");
}

TEST(Markup, MarkdownCodeCannotBeClosedByItsText) {
  EXPECT_EQ(markdown_code("a"), "`a`");
  EXPECT_EQ(markdown_code("a``b`"), "``` a``b` ```");
  EXPECT_EQ(markdown_code("a\nb"), "`a\\nb`");
}

TEST(Markup, UrisKeepBytesExactly) {
  EXPECT_EQ(uri_escape_path("/a b/\xff%<?#.php"), "/a%20b/%FF%25%3C%3F%23.php");
}

}  // namespace
}  // namespace backscan::report

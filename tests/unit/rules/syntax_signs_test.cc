// Signs without a literal, and the time they take on hostile text.
#include "rules/syntax_signs.h"

#include <gtest/gtest.h>

#include <string>

#include "rules/triggers.h"

namespace backscan::rules::testing {
namespace {

bool sees(std::string_view source, std::uint32_t sign) {
  return (syntax_signs(source) & sign) != 0;
}

TEST(SyntaxSigns, SplitWordsAreHidden) {
  for (const std::string_view source :
       {"'ma'.'il'", "$f(97).$f(98)", "$f($s[1]) . $f($s[2])", "('ma') . (\"il\")", "'ma' /* x */ . // y\n 'il'", "'AB' ^ 'cd'", "$$a",
        "${'GLO'.$x}", "\"${f()}\"", "$s[3] . $t [ 5 ]", "f()[0].g()", "eval /* ; */ ($x)",
        "eval(/* ; */ $x)", "$m->/* */send()"})
    EXPECT_TRUE(sees(source, kSignHidden)) << source;
  for (const std::string_view source :
       {"'a ' . ' b'", "'a' . $b", "$a || $b", "$s[3]", "// a comment\n$x = (1);",
        "foo(1); /* a */ bar();", "/** doc */\nfunction f() {}", "'http://example.com' . $x"})
    EXPECT_FALSE(sees(source, kSignHidden)) << source;
}

TEST(SyntaxSigns, CallsOfValuesAreSeen) {
  for (const std::string_view source :
       {"$f($x)", "$f ['a'] [0] ($x)", "g()($x)", "$a{1}( $x )", "$f/* */($x)"})
    EXPECT_TRUE(sees(source, kSignCall)) << source;
  EXPECT_FALSE(sees("f($x); if ($a) ($b);", kSignPacked | kSignHidden));
  EXPECT_FALSE(sees("$f = 1; f($x)", kSignCall));
}

TEST(SyntaxSigns, EncodedRunsAreFoundWhereverTheyBegin) {
  for (std::size_t offset = 0; offset < 300; offset += 7) {
    EXPECT_TRUE(sees(std::string(offset, ' ') + std::string(200, 'Q') + ' ', kSignPacked));
    EXPECT_FALSE(sees(std::string(offset, ' ') + std::string(199, 'Q') + ' ', kSignPacked));
  }
}

TEST(SyntaxSigns, CommandsInBackticksAreExecuted) {
  EXPECT_TRUE(sees("`ls $x`", kSignExecute));
  EXPECT_FALSE(sees("`ls`", kSignExecute));
}

// Each would take minutes if some part were looked at again and again.
TEST(SyntaxSigns, HostileTextTakesLinearTime) {
  for (const std::string_view piece :
       {"a#x\n", "a/*", "'#\n", "$a[", "$", "(", "' ", "'/**/", "a /**/", "#x/*\n", "${", "`", "->#\n"}) {
    std::string text;
    while (text.size() < (std::size_t{4} << 20)) text += piece;
    (void)syntax_signs(text);
  }
  SUCCEED() << "ended";
}

}  // namespace
}  // namespace backscan::rules::testing

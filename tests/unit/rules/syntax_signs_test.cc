// Signs without a literal, and the time they take on hostile text.
#include "rules/syntax_signs.h"

#include <gtest/gtest.h>

#include <string>

#include "rules/triggers.h"

namespace backscan::rules::testing {
namespace {

bool sees(std::string_view code, Signs sign) {
  return (syntax_signs(code) & sign) != 0;
}

TEST(SyntaxSigns, WordsThatTheViewCannotSpellAreHidden) {
  for (const std::string_view code : {"$f(97).$f(98)", "$f($s[1]).$f($s[2])", "'AB'^'cd'", "'AB'^$c",
                                      "${'GLO'.$x}", "${f()}", "$s[3].$t[5]", "f()[0].g()"})
    EXPECT_TRUE(sees(code, kSignHidden)) << code;
  for (const std::string_view code : {"'a'.$b", "$a||$b", "$s[3]", "$x=(1);", "'a'||'b'", "'a'&&$b", "implode('|',$x)",
                                      "f('^','\\'|$a')"})
    EXPECT_FALSE(sees(code, kSignHidden)) << code;
}

TEST(SyntaxSigns, NamesWrittenLetterByLetterAreHidden) {
  std::string code;
  for (int i = 0; i < 12; ++i) {
    EXPECT_FALSE(sees(code, kSignHidden)) << i;
    code += "$a.='e';";
  }
  EXPECT_TRUE(sees(code, kSignHidden));
  const std::string far(1000, ' ');
  std::string sparse;
  for (int i = 0; i < 12; ++i) sparse += "$a.='e';" + far;
  EXPECT_TRUE(sees(sparse, kSignHidden));
  EXPECT_FALSE(sees(sparse + std::string(64 << 10, ' '), kSignHidden));
}

TEST(SyntaxSigns, CallsOfValuesAreSeen) {
  for (const std::string_view code : {"$f($x)", "$f['a'][0]($x)", "g()($x)", "$a{1}($x)"})
    EXPECT_TRUE(sees(code, kSignCall)) << code;
  EXPECT_FALSE(sees("f($x);if($a)($b);", kSignPacked | kSignHidden));
  EXPECT_FALSE(sees("$f=1;f($x)", kSignCall));
}

// Wherever a block of the pass ends.
TEST(SyntaxSigns, VariablesAreSeenAtEveryPlace) {
  for (std::size_t offset = 0; offset < 200; ++offset) {
    const std::string before(offset, ';');
    const std::string name(offset % 70 + 1, 'a');
    EXPECT_TRUE(sees(before + "$f($x)", kSignCall)) << offset;
    EXPECT_TRUE(sees(before + "$" + name + "($x);", kSignCall)) << offset;
    EXPECT_TRUE(sees(before + "$" + name + "[1].$" + name + "[2];", kSignHidden)) << offset;
    EXPECT_TRUE(sees(before + "$$x;", kSignVarVar)) << offset;
    EXPECT_TRUE(sees(before + "${'a'.$x}", kSignHidden)) << offset;
    EXPECT_TRUE(sees(before + "$\xe4=1;", kSignPacked)) << offset;
    EXPECT_TRUE(sees(before + "$__=1;", kSignShape)) << offset;
    EXPECT_TRUE(sees(before + "g()($x)", kSignCall)) << offset;
    EXPECT_EQ(syntax_signs(before + name + "(1);$" + name + ";$" + name + "=1;$__\xe4=1;"), 0U)
        << offset;
  }
}

TEST(SyntaxSigns, EncodedRunsAreFoundWhereverTheyBegin) {
  for (std::size_t offset = 0; offset < 300; offset += 7) {
    EXPECT_TRUE(sees(std::string(offset, ' ') + std::string(200, 'Q') + ' ', kSignPacked));
    EXPECT_FALSE(sees(std::string(offset, ' ') + std::string(199, 'Q') + ' ', kSignPacked));
  }
}

TEST(SyntaxSigns, EscapesInARowAreFoundWhereverTheyBegin) {
  const auto repeated = [](std::string_view piece, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += piece;
    return all;
  };
  for (std::size_t offset = 0; offset < 80; ++offset) {
    const std::string before(offset, ' ');
    for (const std::string_view escape : {R"(\x6F)", R"(\X61)", R"(\145)", R"(\61)"}) {
      EXPECT_EQ(escape_signs(before + repeated(escape, 12) + " x"), kSignShape) << escape;
      EXPECT_EQ(escape_signs(before + repeated(escape, 12)), kSignShape) << escape;
      EXPECT_EQ(escape_signs(before + repeated(escape, 11) + " x"), 0U) << escape;
    }
    EXPECT_EQ(escape_signs(before + repeated(R"(\x6F\145)", 6)), kSignShape);
    EXPECT_EQ(escape_signs(before + std::string(100, 'a') + std::string(100, '\\')), 0U);
  }
}

// Each would take minutes if some part were looked at again and again.
TEST(SyntaxSigns, HostileTextTakesLinearTime) {
  for (const std::string_view piece : {"$a[", "$", "(", "'", "${", "$a[1]", "$a(", "1", "\\", "\\x",
                                       "\\x6", "\\14"}) {
    std::string text;
    while (text.size() < (std::size_t{4} << 20)) text += piece;
    (void)syntax_signs(text);
    (void)escape_signs(text);
  }
  SUCCEED() << "ended";
}

}  // namespace
}  // namespace backscan::rules::testing

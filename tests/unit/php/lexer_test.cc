// What the differential test (tests/e2e/php_tokens) cannot ask PHP 8: tags of PHP 5, the shape of
// the token list on any bytes, portions, and time on hostile texts.
#include "php/lexer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "php/token.h"

namespace backscan::php {
namespace {

/// "KIND text" of every token but white space, one a line, the T_ of the kinds left out.
std::string shown(std::string_view source, const LexOptions& options = {}) {
  std::vector<Token> tokens;
  lex(source, options, tokens);
  std::string out;
  for (const Token& token : tokens) {
    if (token.kind == TokenKind::Whitespace) continue;
    const std::string_view name = php_name(token.kind);
    if (token.kind != TokenKind::Char) out.append(name.substr(2)).push_back(' ');
    out.append(token.text(source)).push_back('\n');
  }
  return out;
}

TEST(Lexer, TakesShortTagsUnlessToldNotTo) {
  EXPECT_EQ(shown("<? x"), "OPEN_TAG <?\nSTRING x\n");
  EXPECT_EQ(shown("<? x", {.short_tags = false}), "INLINE_HTML <? x\n");
  EXPECT_EQ(shown("<?= 1", {.short_tags = false}), "OPEN_TAG_WITH_ECHO <?=\nLNUMBER 1\n");
}

TEST(Lexer, TakesAspTags) {
  EXPECT_EQ(shown("a<% x %>b<%=1%>"),
            "INLINE_HTML a\nOPEN_TAG <%\nSTRING x\nCLOSE_TAG %>\nINLINE_HTML b\n"
            "OPEN_TAG_WITH_ECHO <%=\nLNUMBER 1\nCLOSE_TAG %>\n");
  EXPECT_EQ(shown("<% x // c %>b"), "OPEN_TAG <%\nSTRING x\nCOMMENT // c \nCLOSE_TAG %>\nINLINE_HTML b\n");
  EXPECT_EQ(shown("<% x %>", {.asp_tags = false}), "INLINE_HTML <% x %>\n");
}

TEST(Lexer, TakesScriptTags) {
  const std::string block = "OPEN_TAG <script language='PHP' >\nSTRING x\n";
  EXPECT_EQ(shown("<script language='PHP' >x</script\n>y"),
            block + "CLOSE_TAG </script\n>\nINLINE_HTML y\n");
  EXPECT_EQ(shown("<script language='PHP' >x"), block);
  EXPECT_EQ(shown("<script language=javascript>x</script>"),
            "INLINE_HTML <script language=javascript>x</script>\n");
}

TEST(Lexer, LetsNoForeignTagHideRealPhp) {
  EXPECT_EQ(shown("<% ' <?php x"), "INLINE_HTML <% ' \nOPEN_TAG <?php \nSTRING x\n");
  EXPECT_EQ(shown("<% '<?php x // ' %>"),
            "INLINE_HTML <% '\nOPEN_TAG <?php \nSTRING x\nCOMMENT // ' %>\n");
  EXPECT_EQ(shown("<script language=php> ' <?php x").substr(0, 11), "INLINE_HTML");
  EXPECT_EQ(shown("<?php $a %> $b"), "OPEN_TAG <?php \nVARIABLE $a\n%\n>\nVARIABLE $b\n");
}

TEST(Lexer, GoesOnAfterDataMarkerAsData) {
  EXPECT_EQ(shown("<?php __halt_compiler /**/ (); <?php 'x"),
            "OPEN_TAG <?php \nHALT_COMPILER __halt_compiler\nCOMMENT /**/\n(\n)\n;\n"
            "INLINE_HTML  <?php 'x\n");
}

std::string random_php(std::mt19937& random) {
  static const std::vector<std::string> kPieces = {
      "<?php ", "<?", "?>", "<%", "%>", "<script language=php>", "</script>", "'", "\"", "`", "\\",
      "$a", "{$", "${", "}", "[", "]", "->", "<<<A\n", "\nA\n", "<<<'B'\n", "/*", "*/", "//", "\n",
      "__halt_compiler", "();", "enum ", "yield ", "from", "0x", "1", ".", "(int)", "b", "&", "x"};
  std::string text;
  for (unsigned i = 0; i < 60; ++i) {
    if (random() % 8 == 0) {
      text.push_back(static_cast<char>(random() & 0xffU));
    } else {
      text += kPieces[random() % kPieces.size()];
    }
  }
  return text;
}

TEST(Lexer, CoversAnyBytesWithAdjacentTokens) {
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    const std::string text = random_php(random);
    std::vector<Token> tokens;
    lex(text, {}, tokens);
    Offset at = 0;
    for (const Token& token : tokens) {
      ASSERT_EQ(token.begin, at) << testing::PrintToString(text);
      ASSERT_GE(token.end, token.begin);
      at = token.end;
    }
    ASSERT_EQ(at, text.size()) << testing::PrintToString(text);
  }
}

TEST(Lexer, GivesTheSameTokensInPortionsOfAnySize) {
  std::mt19937 random(4);
  for (int round = 0; round < 500; ++round) {
    const std::string text = random_php(random);
    std::vector<Token> whole;
    lex(text, {}, whole);
    Lexer lexer(text, {});
    std::vector<Token> joined;
    std::vector<Token> portion(Lexer::kMinPortion + random() % 4);
    while (const std::size_t count = lexer.next(portion)) {
      joined.insert(joined.end(), portion.begin(),
                    portion.begin() + static_cast<std::ptrdiff_t>(count));
    }
    ASSERT_EQ(joined, whole) << testing::PrintToString(text);
  }
}

/// `piece` again and again behind an open tag, `bytes` of it.
std::string repeated(std::string_view piece, std::size_t bytes) {
  std::string text = "<?php ";
  while (text.size() < bytes) text += piece;
  return text;
}

// Each is a place where looking ahead again and again would be quadratic: at this size the
// difference is seconds against hours.
TEST(Lexer, StaysLinearOnHostileTexts) {
  const std::size_t bytes = std::size_t{1} << 18;
  std::vector<Token> tokens;
  const auto start = std::chrono::steady_clock::now();
  for (const std::string_view piece :
       {"(", "{", "\"", "'", "`", "/*", "#", "<<<", "<<<A\n", "<<<A\n{$x[", "\"{$a[", "\"${a[", "(((int",
        "( ", "enum ", "enum/**/", "yield ", "& ", "-> ", "a\\", "?", "<", "0_", "1.", "\\", "?><%",
        "?><script language=php", "?><% <", "b'", "\"$a[", "<<<'A'\n \nB"}) {
    lex(repeated(piece, bytes), {}, tokens);
  }
  lex(repeated("?>", bytes) + repeated("<%", bytes), {}, tokens);
  lex("<<<" + std::string(bytes, 'A') + "\n" + repeated("\nAAAA", bytes), {}, tokens);
  const auto spent = std::chrono::steady_clock::now() - start;
  EXPECT_LT(spent, std::chrono::seconds(30));
}

}  // namespace
}  // namespace backscan::php

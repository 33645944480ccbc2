#include "base/text.h"

#include <gtest/gtest.h>

namespace backscan {
namespace {

TEST(Text, KnowsWellFormedUtf8) {
  EXPECT_TRUE(is_utf8("plain, é, €, 😀"));
  EXPECT_FALSE(is_utf8("\xC0\xAF"));          // overlong
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // above U+10FFFF
  EXPECT_FALSE(is_utf8("cut \xE2\x82"));
}

TEST(Text, RepairsOneReplacementPerBadSequence) {
  EXPECT_EQ(to_utf8("a\xFF" "b"), "a\xEF\xBF\xBD" "b");
  EXPECT_EQ(to_utf8("\xE2\x82" "x"), "\xEF\xBF\xBDx");
  EXPECT_EQ(to_utf8("é"), "é");
}

TEST(Text, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(escape_controls("a\nb\x1b[31m"), "a\\nb\\x1b[31m");
  EXPECT_EQ(escape_controls("\x7f"), "\\x7f");
  EXPECT_EQ(escape_controls("\xC2\x9B" "31m"), "\\u009b31m");            // C1 CSI
  EXPECT_EQ(escape_controls("txt.\xE2\x80\xAE" "php"), "txt.\\u202ephp");  // right-to-left override
  EXPECT_EQ(escape_controls("é €"), "é €");
}

TEST(Text, TruncatesAtACharacter) {
  EXPECT_EQ(truncate_utf8("abc", 3), "abc");
  EXPECT_EQ(truncate_utf8("ééé", 5), "é…");
  EXPECT_EQ(truncate_utf8("abcdef", 2), "");
}

TEST(Text, EncodesBase64) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foo"), "Zm9v");
  EXPECT_EQ(base64_encode(std::string_view("\xFF\x00", 2)), "/wA=");
}

TEST(Text, DecodesOnlyWhatItEncodes) {
  for (const std::string_view bytes : {"", "f", "fo", "foo", "foob"})
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
  EXPECT_EQ(base64_decode("/wA="), std::string("\xFF\x00", 2));
  for (const std::string_view text : {"Z", "Zg=", "Zg===", "Zg==Zg==", "====", "Zm 9", "Zm9\n", "Z=9v"})
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
}

TEST(Text, CountsLinesAndColumnsFromOne) {
  EXPECT_EQ(position_of("ab\ncd", 0), (Position{1, 1}));
  EXPECT_EQ(position_of("ab\ncd", 3), (Position{2, 1}));
  EXPECT_EQ(position_of("ab\ncd", 4), (Position{2, 2}));
  EXPECT_EQ(position_of("ab\ncd", 99), (Position{2, 3}));
}

}  // namespace
}  // namespace backscan

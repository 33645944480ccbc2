#include "scan/excerpt.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "scan/line_index.h"

namespace backscan::scan {
namespace {

Span span_of(std::string_view text, std::string_view part) {
  const auto begin = static_cast<Offset>(text.find(part));
  return {begin, begin + static_cast<Offset>(part.size())};
}

TEST(Excerpt, ShowsTheLineOfTheMatch) {
  const std::string_view text = "<?php\n  mail($to, 'x');\nexit;\n";
  EXPECT_EQ(excerpt_of(text, span_of(text, "mail("), true), "mail($to, 'x');");
}

TEST(Excerpt, IsBoundedAndValidWhateverTheBytes) {
  std::string text(100'000, '\xC3');
  text += "mail(";
  text += std::string(100'000, '\x1b');
  const std::string excerpt = excerpt_of(text, span_of(text, "mail("), true);
  EXPECT_LE(excerpt.size(), kMaxExcerptBytes);
  EXPECT_TRUE(is_utf8(excerpt));
  EXPECT_NE(excerpt.find("mail(\\x1b"), std::string::npos);
  EXPECT_EQ(excerpt.find('\x1b'), std::string::npos);
}

TEST(Excerpt, SurvivesAPlaceOutsideTheText) {
  EXPECT_EQ(excerpt_of("abc", {7, 3}, true), "abc");
  EXPECT_EQ(excerpt_of("", {0, 0}, true), "");
}

TEST(Excerpt, MasksAddresses) {
  EXPECT_EQ(mask_addresses("to: jane.doe@example.com, x@mail.example"),
            "to: j***@example.com, x***@mail.example");
  EXPECT_EQ(mask_addresses("@mail($a) foo@ @b a@localhost"), "@mail($a) foo@ @b a@localhost");
  EXPECT_EQ(mask_addresses("a@b.example@c.example"), "a***@b***@c.example");
  const std::string_view text = "mail('drop@example.org')";
  EXPECT_EQ(excerpt_of(text, {0, 4}, false), "mail('d***@example.org')");
  EXPECT_EQ(excerpt_of(text, {0, 4}, true), text);
}

TEST(LineIndex, AgreesWithCountingFromTheStart) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += std::string(static_cast<std::size_t>(i * 7 % 31), 'x') + "\n";
  text += std::string(9000, 'y');
  const LineIndex lines(text);
  for (std::size_t offset = 0; offset <= text.size() + 1; offset += 13)
    EXPECT_EQ(lines.position(offset), position_of(text, offset)) << offset;
  EXPECT_EQ(LineIndex("").position(5), (Position{1, 1}));
}

}  // namespace
}  // namespace backscan::scan

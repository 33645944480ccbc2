#include "known/line_marks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace backscan::known {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(LineMarks, CarriageReturnsDoNotCountButBlanksDo) {
  EXPECT_EQ(mark_lines("a\r\nb\r\n"), mark_lines("a\nb\n"));
  EXPECT_EQ(mark_lines("a\nb"), mark_lines("a\nb\n"));
  EXPECT_NE(mark_lines("a\n b"), mark_lines("a\nb"));
  EXPECT_THAT(mark_lines(""), IsEmpty());
}

TEST(LineMarks, ArePackedInFourCharactersEach) {
  const LineMarks marks = mark_lines("one\ntwo\nthree\n");
  const std::string packed = pack_marks(marks);
  EXPECT_THAT(packed, SizeIs(12));
  EXPECT_EQ(unpack_marks(packed), marks);
  EXPECT_EQ(unpack_marks(""), LineMarks{});
  EXPECT_EQ(unpack_marks("AAA="), std::nullopt) << "two bytes are no mark";
  EXPECT_EQ(unpack_marks("****"), std::nullopt);
}

LineDifference difference(std::string_view original, std::string_view present) {
  return compare_lines(mark_lines(original), mark_lines(present));
}

TEST(LineMarks, ShowWhatIsNewAndCountWhatIsGone) {
  const LineDifference inserted = difference("a\nb\nc\n", "a\nx\nb\nc\n");
  EXPECT_THAT(inserted.added, ElementsAre(1u));
  EXPECT_EQ(inserted.gone_count, 0u);
  const LineDifference replaced = difference("a\nb\nc\n", "a\nx\ny\n");
  EXPECT_THAT(replaced.added, ElementsAre(1u, 2u));
  EXPECT_EQ(replaced.gone_count, 2u);
  const LineDifference cut = difference("a\nb\nc\n", "a\n");
  EXPECT_THAT(cut.added, IsEmpty());
  EXPECT_EQ(cut.gone_count, 2u);
  EXPECT_EQ(difference("a\nb\n", "a\nb\n").added_count, 0u);
  EXPECT_THAT(difference("", "x\n").added, ElementsAre(0u));
}

TEST(LineMarks, ALineThatOnlyMovedIsNeitherNewNorGone) {
  const LineDifference moved = difference("a\nb\nc\nd\n", "b\na\nx\nc\nd\n");
  EXPECT_THAT(moved.added, ElementsAre(2u));
  EXPECT_EQ(moved.gone_count, 0u);
}

TEST(LineMarks, ALineThatStandsTwiceNowIsNewOnce) {
  EXPECT_EQ(difference("a\nb\nz\n", "b\na\na\nz\n").added_count, 1u);
}

TEST(LineMarks, ShowNoMoreThanAFewButCountAll) {
  std::string many;
  for (int i = 0; i < 100; ++i) many += "line " + std::to_string(i) + "\n";
  const LineDifference all = difference("", many);
  EXPECT_EQ(all.added_count, 100u);
  EXPECT_THAT(all.added, SizeIs(LineDifference::kMaxShown));
}

}  // namespace
}  // namespace backscan::known

#include "model/time_text.h"

#include <gtest/gtest.h>

namespace backscan {
namespace {

using std::chrono::seconds;

std::string read_back(std::string_view text) {
  const auto time = parse_time(text);
  return time ? format_time(*time) : "error: " + time.error().message();
}

TEST(TimeText, ReadsTheFormsThatListingPagesAndLogsUse) {
  EXPECT_EQ(read_back("2026-11-03T17:43:05Z"), "2026-11-03T17:43:05Z");
  EXPECT_EQ(read_back("2026-11-03t17:43:05.250+02:00"), "2026-11-03T15:43:05Z");
  EXPECT_EQ(read_back("03.11.2026 17:43 CET"), "2026-11-03T16:43:00Z");
  EXPECT_EQ(read_back("2026-07-03 17:43 CEST"), "2026-07-03T15:43:00Z");
  EXPECT_EQ(read_back("2026-11-03 00:10 -0530"), "2026-11-03T05:40:00Z");
  EXPECT_EQ(read_back(" 2026-11-03 "), "2026-11-03T00:00:00Z");
}

TEST(TimeText, KeepsFractionsOfASecond) {
  const auto time = parse_time("1970-01-01T00:00:01.5Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(time->time_since_epoch(), std::chrono::milliseconds{1500});
}

TEST(TimeText, RefusesWhatIsNoTimeAndNamesIt) {
  for (const char* text : {"", "yesterday", "2026-13-01", "2026-02-30", "2026-11-03T24:00Z",
                           "2026-11-03T10:61Z", "2026-11-03 17:43 PST", "2026-11-03T17:43Z junk",
                           "9999-01-01", "2026-11-03 17:43 +99:00", "2026-11-03T17:43:00.Z"}) {
    const auto time = parse_time(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().object, text);
  }
}

TEST(TimeText, FormatsTimesBeforeTheEpochDownwards) {
  EXPECT_EQ(format_time(Time{std::chrono::nanoseconds{-1}}), "1969-12-31T23:59:59Z");
}

TEST(Duration, ReadsEachUnit) {
  EXPECT_EQ(parse_duration("90").value(), seconds{90});
  EXPECT_EQ(parse_duration("30m").value(), seconds{1800});
  EXPECT_EQ(parse_duration("12h").value(), seconds{43'200});
  EXPECT_EQ(parse_duration("7d").value(), seconds{604'800});
  EXPECT_EQ(parse_duration("2w").value(), seconds{1'209'600});
}

TEST(Duration, RefusesSignsUnitsItDoesNotKnowAndLengthsThatOverflow) {
  for (const char* text : {"", "-5m", "5y", "h", "7 d", "99999999999999999999s", "999999999999w"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

}  // namespace
}  // namespace backscan

#include "mail/timestamp.h"

#include <gtest/gtest.h>

namespace backscan::mail {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

constexpr sys_days kDay = sys_days{std::chrono::year{2026} / 11 / 24};

TEST(Timestamp, EximWithMillisecondsAndZone) {
  Zone zone{3600s};
  std::string_view line = "2026-11-24 05:46:06.525 [26828] cwd=/";
  EXPECT_EQ(take_exim_time(line, zone), kDay + 4h + 46min + 6s + 525ms);
  EXPECT_EQ(line, "[26828] cwd=/");
  line = "2026-11-24 05:46:06 -0230 x";
  EXPECT_EQ(take_exim_time(line, zone), kDay + 8h + 16min + 6s);
  EXPECT_EQ(line, "x");
}

TEST(Timestamp, SyslogYearsAreResolvedBackwards) {
  Zone zone{0s};
  std::string_view line = "Dec 31 23:59:59 host x";
  EXPECT_EQ(take_syslog_time(line, zone, kDay), Time{sys_days{std::chrono::year{2025} / 12 / 31} +
                                                     23h + 59min + 59s});
  EXPECT_EQ(line, "host x");
  line = "Nov  4 01:02:03 host";
  EXPECT_EQ(take_syslog_time(line, zone, kDay), Time{sys_days{std::chrono::year{2026} / 11 / 4} +
                                                     1h + 2min + 3s});
  line = "Feb 29 00:00:00 host";
  EXPECT_EQ(take_syslog_time(line, zone, kDay), Time{sys_days{std::chrono::year{2024} / 2 / 29}});
}

TEST(Timestamp, Rfc3339NeedsAZone) {
  std::string_view line = "2026-11-24T05:46:06.5+01:00 host";
  EXPECT_EQ(take_rfc3339_time(line), kDay + 4h + 46min + 6s + 500ms);
  line = "2026-11-24T05:46:06 host";
  EXPECT_FALSE(take_rfc3339_time(line));
  EXPECT_EQ(line, "2026-11-24T05:46:06 host");
}

TEST(Timestamp, PhpMailLog) {
  Zone zone{3600s};
  std::string_view line = "[24-Nov-2026 05:43:17 UTC] mail() on [";
  EXPECT_EQ(take_php_time(line, zone), kDay + 5h + 43min + 17s);
  EXPECT_EQ(line, "mail() on [");
  line = "[24-Nov-2026 05:43:17 Europe/Berlin] mail()";
  EXPECT_EQ(take_php_time(line, zone), kDay + 4h + 43min + 17s);
}

TEST(Timestamp, GarbageLeavesTheLineAlone) {
  Zone zone{0s};
  for (std::string_view text : {"", "2026-13-24 05:46:06 x", "2026-11-24 25:46:06", "Nov 31 00:00:00 x",
                                "[32-Nov-2026 00:00:00 UTC]", "Nov", "2026-11-2",
                                "9999-11-24 05:46:06 x", "[24-Nov-9999 00:00:00 UTC] "}) {
    std::string_view line = text;
    EXPECT_FALSE(take_exim_time(line, zone)) << text;
    EXPECT_FALSE(take_syslog_time(line, zone, kDay)) << text;
    EXPECT_FALSE(take_php_time(line, zone)) << text;
    EXPECT_EQ(line, text);
  }
}

}  // namespace
}  // namespace backscan::mail

// `backscan trace` over a made host's logs.
#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli_fixture.h"

namespace backscan::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

class Trace : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    set_environment("TZ", "UTC");
    std::string log;
    // One bounce to a stranger at the end of each of three minutes.
    for (const char* minute : {"45", "46", "47"}) {
      const std::string stamp = std::string("2026-11-24 05:") + minute + ":59 ";
      const std::string parent = std::string("1xVj") + minute + "-0006yi-1j";
      const std::string bounce = std::string("1xVj") + minute + "-0006zz-2k";
      log += stamp + parent + " <= forged" + minute +
             "@innocent.example H=(spam) [198.51.100.7]:42 P=esmtp S=9\n" + stamp + parent +
             " ** nobody@local.test: Unrouteable address\n" + stamp + bounce + " <= <> R=" + parent +
             " U=Debian-exim P=local S=2 T=\"Mail delivery failed: returning message to sender\" for "
             "forged" + minute + "@innocent.example\n" + stamp + bounce + " => forged" + minute +
             "@innocent.example R=r T=t H=mx [192.0.2.9]:25 C=\"250 ok\"\n";
    }
    write("host/var/log/exim4/mainlog", log);
  }
  std::vector<Json> events(const std::string& seen, const std::string& window) {
    const Outcome outcome = run({"trace", "--root", path("host"), "--seen", seen, "--window", window,
                                 "-f", "jsonl", "--show-addresses"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    std::vector<Json> found;
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);) found.push_back(Json::parse(line));
    return found;
  }
};

TEST_F(Trace, TakesRelativePathsFromTheWorkingDirectory) {
  const std::string log = std::filesystem::relative(path("host/var/log/exim4/mainlog")).string();
  const Outcome outcome = run({"trace", "--mail-log", log, "--php-mail-log", "off", "--queue", "off"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("12 lines of 1 logs"));
}

TEST_F(Trace, FindsTheMessageOfThatMinuteWithItsParentAndNothingElse) {
  const auto found = events("24.11.2026 06:46 CET", "0");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["id"], "1xVj46-0006zz-2k");
  EXPECT_EQ(found[0]["parent"], "1xVj46-0006yi-1j");
  EXPECT_EQ(found[0]["parent_client"], "198.51.100.7");
  EXPECT_EQ(found[0]["recipients"], Json({"forged46@innocent.example"}));
}

TEST_F(Trace, TheWindowAddsMinutesOnBothSides) {
  EXPECT_EQ(events("24.11.2026 06:46 CET", "1").size(), 3u);
  EXPECT_EQ(events("2026-11-24T05:46:59Z", "0").size(), 1u) << "a time with seconds is that second";
  EXPECT_EQ(events("2026-11-24T05:46:30Z", "0").size(), 0u);
}

TEST_F(Trace, MasksAddressesUnlessTold) {
  const Outcome outcome = run({"trace", "--root", path("host"), "--seen", "24.11.2026 06:46 CET"});
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("f…@innocent.example"), Not(HasSubstr("forged46@"))));
}

TEST_F(Trace, SaysWhereNothingIsFound) {
  const Outcome outcome = run({"trace", "--root", path("host"), "--seen", "2026-10-01 00:00"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("No null-sender message and no callout"));
}

}  // namespace
}  // namespace backscan::test

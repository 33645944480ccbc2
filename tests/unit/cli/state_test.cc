// `scan --state`: what is read again, and what the report tells of earlier runs.
#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli_fixture.h"

namespace backscan::test {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

class State : public CliTest {
 protected:
  Json scan_with_state(const std::string& root, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {root, "--state", path("state"), "-f", "json", "--exit-zero"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = scan(arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return Json::parse(outcome.out, nullptr, false);
  }
};

TEST_F(State, WhatIsCleanAndUnchangedIsNotReadAgain) {
  // The fixtures have lain there for longer than the grain of the clock; files just written would
  // count as unsettled.
  const std::string clean = BACKSCAN_SOURCE_DIR "/tests/fixtures/clean";
  const Json first = scan_with_state(clean);
  const Json second = scan_with_state(clean);
  EXPECT_EQ(first["summary"]["files"]["unchanged"], 0);
  EXPECT_GT(first["summary"]["files"]["scanned"], 5);
  EXPECT_GT(second["summary"]["files"]["unchanged"], 5);
  EXPECT_EQ(second["summary"]["files"]["scanned"].get<int>() +
                second["summary"]["files"]["unchanged"].get<int>(),
            first["summary"]["files"]["scanned"].get<int>() +
                first["summary"]["skipped"].value("no-php", 0));
  EXPECT_EQ(scan_with_state(clean, {"--full"})["summary"]["files"]["unchanged"], 0);
}

TEST_F(State, FindingsAreFoundAgainAndTheTimeLineGrows) {
  set_environment("SOURCE_DATE_EPOCH", "1795500000");
  const Json first = scan_with_state(site_);
  set_environment("SOURCE_DATE_EPOCH", "1795600000");
  const std::string mailer = path("site/mailer.php");
  const std::string text = read(mailer);
  std::filesystem::remove(mailer);
  const Json second = scan_with_state(site_);
  EXPECT_THAT(second["history"]["ended"].dump(), HasSubstr("mailer.php"));
  set_environment("SOURCE_DATE_EPOCH", "1795700000");
  write("site/mailer.php", text);
  const Json third = scan_with_state(site_);
  EXPECT_EQ(third["findings"].size(), first["findings"].size());
  EXPECT_EQ(third["history"]["runs"].size(), 3u);
  EXPECT_THAT(third["history"]["came_back"].dump(), HasSubstr("mailer.php"));
}

TEST_F(State, NeverInsideOfWhatIsScanned) {
  const Outcome outcome = scan({site_, "--state", path("site/state")});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("site/state"));
  EXPECT_EQ(scan({site_, "--full"}).code, 2) << "--full alone says nothing";
}

}  // namespace
}  // namespace backscan::test

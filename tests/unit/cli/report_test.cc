#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cli_fixture.h"

namespace backscan::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

class Report : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    result_ = path("r.jsonl");
    ASSERT_EQ(scan({site_, "-f", "jsonl", "-o", result_}).code, 1);
  }
  std::string result_;
};

TEST_F(Report, RendersAStoredResultAsTheScanWouldHave) {
  set_environment("SOURCE_DATE_EPOCH", "1790000000");
  for (const char* format : {"text", "json", "csv", "sarif", "html", "junit", "markdown"}) {
    const Outcome direct = scan({site_, "-f", format, "--report", "jsonl=" + result_});
    EXPECT_EQ(run({"report", result_, "-f", format}).out, direct.out) << format;
  }
}

TEST_F(Report, ExitsLikeAScan) {
  EXPECT_EQ(run({"report", result_}).code, 1);
  EXPECT_EQ(run({"report", result_, "--fail-on", "critical"}).code, 0);
  EXPECT_EQ(run({"report", result_, "--exit-code", "9"}).code, 9);
}

TEST_F(Report, MergesTheSameFindingsIntoOne) {
  const Outcome merged = run({"report", result_, result_, "-f", "json"});
  EXPECT_EQ(Json::parse(merged.out)["findings"].size(), 2u);
}

TEST_F(Report, ReadsStandardInput) {
  EXPECT_THAT(run({"report", "-"}, read(result_)).out, HasSubstr("mailer.php"));
}

TEST_F(Report, RefusesWhatIsNoResultAndNamesFileAndLine) {
  const std::string bad = write("bad.jsonl", "{\"type\":\"scan\",\"schema_version\":1}\n{oops\n");
  const Outcome outcome = run({"report", result_, bad});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, testing::StartsWith("backscan: " + bad + ":2: not JSON"));
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(run({"report", path("none")}).err,
            "backscan: " + path("none") + ": No such file or directory\n");
  EXPECT_EQ(run({"report", site_}).err, "backscan: " + site_ + ": Is a directory\n");
  EXPECT_EQ(run({"report"}).code, 2);
}

TEST_F(Report, OfAnInterruptedScanIsIncomplete) {
  const std::string whole = read(result_);
  const std::string cut = write("cut.jsonl", whole.substr(0, whole.rfind("{\"type\":\"summary\"")));
  EXPECT_EQ(run({"report", cut}).code, 2);
}

TEST_F(Report, LeavesOutWhatABaselineAccepts) {
  const Outcome created = run({"baseline", "create", result_});
  ASSERT_EQ(created.code, 0);
  const std::string baseline = write("base.jsonl", created.out);
  EXPECT_EQ(run({"report", result_, "--baseline", baseline}).code, 0);
  const Outcome applied = run({"baseline", "apply", baseline, result_, "-f", "json"});
  EXPECT_EQ(applied.code, 0);
  EXPECT_EQ(Json::parse(applied.out)["findings"].size(), 0u);
  EXPECT_EQ(Json::parse(applied.out)["summary"]["suppressed"]["baseline"], 2);
}

TEST_F(Report, KeepsOneAccountsReportFreeOfTheOthers) {
  write("two/one/a.php", "<?php // inert_marker_high\n");
  write("two/two/b.php", "<?php // inert_marker_high\n");
  const std::string two = path("two.jsonl");
  ASSERT_EQ(scan({path("two/one"), path("two/two"), "-f", "jsonl", "-o", two}).code, 1);
  ASSERT_EQ(run({"report", two, "--split-by", "account", "--report",
                 "html=" + path("part-{account}.html")})
                .code,
            1);
  std::size_t parts = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path(""))) {
    if (!entry.path().filename().string().starts_with("part-")) continue;
    ++parts;
    const std::string html = read(entry.path());
    EXPECT_NE(html.find("a.php") == std::string::npos, html.find("b.php") == std::string::npos)
        << "exactly one of the two";
  }
  EXPECT_EQ(parts, 2u);
}

}  // namespace
}  // namespace backscan::test

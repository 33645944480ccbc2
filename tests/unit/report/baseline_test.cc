#include "report/baseline.h"

#include <gtest/gtest.h>

#include <sstream>

#include "model/time_text.h"
#include "sample_result.h"

namespace backscan::report {
namespace {

Result<Baseline> read(const std::string& text) {
  std::istringstream in(text);
  return read_baseline(in, "b.jsonl");
}

constexpr const char* kHead = R"({"type":"baseline","schema_version":1})" "\n";

TEST(Baseline, AcceptsWhatItWasMadeFromAndNothingElse) {
  ScanResult result = test::sample_result();
  const auto baseline = read(make_baseline(result));
  ASSERT_TRUE(baseline) << baseline.error().message();
  result.findings[0].fingerprint = "new";
  apply_baseline(*baseline, result.scan.started, result);
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].fingerprint, "new");
  EXPECT_EQ(result.summary.suppressed["baseline"], 3u + 2u);
  EXPECT_EQ(result.summary.by_class.size(), 1u) << "counts are of what is left";
}

TEST(Baseline, KeepsItsReasonAndEndsOnItsDate) {
  ScanResult result = test::sample_result();
  const std::string text = make_baseline(
      result, {.reason = "a vendor's \"webmail\"", .expires = parse_time("2026-12-01").value()});
  EXPECT_NE(text.find(R"("reason":"a vendor's \"webmail\"","expires":"2026-12-01T00:00:00Z")"),
            std::string::npos);
  const auto baseline = read(text);
  ASSERT_TRUE(baseline) << baseline.error().message();
  ScanResult later = result;
  apply_baseline(*baseline, parse_time("2026-11-30").value(), result);
  EXPECT_TRUE(result.findings.empty());
  apply_baseline(*baseline, parse_time("2026-12-02").value(), later);
  EXPECT_FALSE(later.findings.empty());
}

TEST(Baseline, ReportsAFindingAgainAfterItsDate) {
  const auto baseline =
      read(std::string(kHead) + R"({"fingerprint":"1234","expires":"2026-12-01"})" "\n");
  ASSERT_TRUE(baseline) << baseline.error().message();
  ScanResult before = test::sample_result();
  apply_baseline(*baseline, parse_time("2026-11-30T23:59:59Z").value(), before);
  EXPECT_EQ(before.findings.size(), 2u);
  ScanResult after = test::sample_result();
  apply_baseline(*baseline, parse_time("2026-12-01T00:00:00Z").value(), after);
  EXPECT_EQ(after.findings.size(), 3u);
}

TEST(Baseline, RefusesWhatIsNoBaselineAndNamesTheLine) {
  const auto error_of = [](const std::string& text) {
    const auto baseline = read(text);
    return baseline ? "no error" : baseline.error().message();
  };
  EXPECT_EQ(error_of(""), "b.jsonl: is empty");
  EXPECT_EQ(error_of("{\"type\":\"scan\",\"schema_version\":1}\n"),
            "b.jsonl:1: the first line must say \"type\": \"baseline\" and \"schema_version\": 1");
  EXPECT_EQ(error_of(std::string(kHead) + "\n{}\n"), "b.jsonl:3: \"fingerprint\" is missing");
  EXPECT_EQ(error_of(std::string(kHead) + "oops\n"), "b.jsonl:2: not JSON");
  EXPECT_EQ(error_of(std::string(kHead) + R"({"fingerprint":"1","expires":"soon"})"),
            "b.jsonl:2: \"expires\": must be an RFC 3339 time");
}

}  // namespace
}  // namespace backscan::report

#include "report/merge.h"

#include <gtest/gtest.h>

#include "sample_result.h"

namespace backscan::report {
namespace {

ScanResult run_on(const std::string& host, int hour) {
  ScanResult result = test::sample_result();
  result.scan.host = host;
  result.scan.started += std::chrono::hours{hour};
  return result;
}

ScanResult merge(const std::vector<ScanResult>& results) {
  Merger merger;
  for (const ScanResult& result : results) merger.add(ScanResult(result));
  return merger.finish();
}

TEST(Merge, ResolvesDuplicatesByFingerprintAndNamesTheHosts) {
  ScanResult later = run_on("web2.example", 1);
  later.findings[0].line = 99;  // the same finding after an edit above it
  const ScanResult merged = merge({later, run_on("web1.example", 0)});
  ASSERT_EQ(merged.findings.size(), 3u);
  EXPECT_EQ(merged.findings[0].hosts, (std::vector<std::string>{"web1.example", "web2.example"}));
  EXPECT_EQ(merged.findings[0].line, 99u) << "the later run speaks";
  EXPECT_EQ(merged.summary.counts.files_seen, 2 * 5340u);
  EXPECT_EQ(merged.scan.host, "web1.example, web2.example");
}

TEST(Merge, KeepsCopiesInDifferentPlacesApart) {
  ScanResult copy = run_on("web2.example", 1);
  copy.findings.resize(1);
  copy.findings[0].path = "/srv/www/carol/x.php";
  EXPECT_EQ(merge({run_on("web1.example", 0), copy}).findings.size(), 4u);
}

TEST(Merge, KeepsTwoFindingsOfOneFileThatShareAFingerprint) {
  ScanResult twice = run_on("web1.example", 0);
  twice.findings.push_back(twice.findings[0]);
  twice.findings.back().line += 10;
  EXPECT_EQ(merge({twice, run_on("web1.example", 1)}).findings.size(), 4u);
}

TEST(Merge, PrefersAnAnswerToNoAnswer) {
  ScanResult unasked = run_on("web1.example", 1);
  for (Listing& listing : unasked.listings) listing.state = ListingState::kNotChecked;
  const ScanResult merged = merge({run_on("web1.example", 0), unasked});
  ASSERT_EQ(merged.listings.size(), 4u);
  EXPECT_EQ(merged.listings[0].state, ListingState::kListed);
}

TEST(Merge, IsCompleteOnlyIfEveryPartIs) {
  ScanResult complete = run_on("web1.example", 0);
  complete.summary.is_complete = true;
  EXPECT_FALSE(merge({complete, run_on("web2.example", 0)}).summary.is_complete);
  ScanResult other = run_on("web2.example", 0);
  other.summary.is_complete = true;
  EXPECT_TRUE(merge({complete, other}).summary.is_complete);
}

TEST(Merge, GivesTheSameWhateverTheOrderOfFiles) {
  const ScanResult a = merge({run_on("web1.example", 0), run_on("web2.example", 1)});
  const ScanResult b = merge({run_on("web2.example", 1), run_on("web1.example", 0)});
  ASSERT_EQ(a.findings.size(), b.findings.size());
  for (std::size_t i = 0; i < a.findings.size(); ++i)
    EXPECT_EQ(a.findings[i].path, b.findings[i].path);
  EXPECT_EQ(a.summary.advice, b.summary.advice);
}

TEST(Merge, SaysOnceWhatManyHostsSay) {
  std::vector<ScanResult> results;
  for (int i = 0; i < 5; ++i) results.push_back(run_on("web" + std::to_string(i) + ".example", i));
  const ScanResult merged = merge(results);
  EXPECT_EQ(merged.summary.incomplete_reasons,
            (std::vector<std::string>{"web0.example, web1.example, web2.example and 2 more: "
                                      "1 directory could not be read"}));
}

TEST(Merge, KeepsEachHostsCausesSettingsSendersAndMail) {
  const auto of_host = [](const std::string& host, int hour) {
    ScanResult result = run_on(host, hour);
    result.summary.causes = {{.subject = "/srv/www/x.php", .rank = 40 + hour}};
    result.audit = {{.rule = "postfix/x", .file = "/etc/postfix/main.cf"}};
    result.senders = {{.script = "/srv/www/x.php"}};
    result.mail = MailActivity{.lines = 10, .null_sender_out = 2};
    result.mail->backscatter = {{.messages = static_cast<std::uint64_t>(1 + hour)}};
    return result;
  };
  // The second part is a shard of the first one's host: it says nothing new.
  const ScanResult merged =
      merge({of_host("web1.example", 0), of_host("web1.example", 0), of_host("web2.example", 1)});
  ASSERT_EQ(merged.summary.causes.size(), 2u);
  EXPECT_EQ(merged.summary.causes[0].host, "web2.example");
  EXPECT_EQ(merged.audit.size(), 2u);
  EXPECT_EQ(merged.senders.size(), 2u);
  ASSERT_TRUE(merged.mail);
  EXPECT_EQ(merged.mail->lines, 20u);
  EXPECT_EQ(merged.mail->null_sender_out, 4u);
  ASSERT_EQ(merged.mail->backscatter.size(), 2u);
  EXPECT_EQ(merged.mail->backscatter[0].host, "web2.example");
}

TEST(Merge, AddsTheCurvesOfHostsInTheWiderStep) {
  const Time day{std::chrono::sys_days{std::chrono::year{2026} / 11 / 3}};
  ScanResult hourly = run_on("web1.example", 0);
  hourly.mail = MailActivity{.volume_step = std::chrono::hours{1},
                             .volume = {{day + std::chrono::hours{1}, 3, 0},
                                        {day + std::chrono::hours{2}, 4, 1}}};
  ScanResult daily = run_on("web2.example", 0);
  daily.mail = MailActivity{.volume_step = std::chrono::hours{24}, .volume = {{day, 10, 2}}};
  const ScanResult merged = merge({hourly, daily});
  ASSERT_EQ(merged.mail->volume.size(), 1u);
  EXPECT_EQ(merged.mail->volume[0].submitted, 17u);
  EXPECT_EQ(merged.mail->volume[0].null_sender, 3u);
}

TEST(Merge, GivesBackOneResultAsItWas) {
  const ScanResult alone = merge({run_on("web1.example", 0)});
  EXPECT_TRUE(alone.findings[0].hosts.empty());
  EXPECT_EQ(alone.summary.advice, run_on("web1.example", 0).summary.advice);
}

}  // namespace
}  // namespace backscan::report

#include "state/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace backscan::state {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class HistoryTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "backscan-state-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  static ScanResult run(int day, const std::vector<std::string>& paths) {
    ScanResult result;
    result.scan.host = "web1.example";
    result.scan.roots = {"/srv/www"};
    result.scan.started = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / day}};
    for (const std::string& path : paths) {
      Finding& finding = result.findings.emplace_back();
      finding.title = "Mailer";
      finding.path = path;
      finding.fingerprint = "f" + path;
      finding.severity = Severity::kHigh;
    }
    return result;
  }
  static Listing listing(ListingState state) {
    Listing listing;
    listing.ip = "192.0.2.25";
    listing.zone = "bl.example";
    listing.name = "Example list";
    listing.state = state;
    return listing;
  }
  RunHistory record(const ScanResult& result) {
    auto history = record_run(directory_, result);
    EXPECT_TRUE(history) << history.error().message();
    return history.value_or(RunHistory{});
  }

  std::string directory_;
};

TEST_F(HistoryTest, TellsOfAFileThatCameBackAndOnlyThen) {
  EXPECT_THAT(record(run(1, {"/srv/www/a.php"})).came_back, IsEmpty());
  EXPECT_THAT(record(run(2, {})).ended, ElementsAre(HasSubstr("/srv/www/a.php")));
  const RunHistory third = record(run(3, {"/srv/www/a.php", "/srv/www/new.php"}));
  EXPECT_THAT(third.came_back, ElementsAre("Mailer in /srv/www/a.php, gone since 2026-11-02"));
  EXPECT_THAT(record(run(4, {"/srv/www/a.php", "/srv/www/new.php"})).came_back, IsEmpty());
  ASSERT_EQ(third.runs.size(), 3u);
  EXPECT_EQ(third.runs[0].findings, 1u);
  EXPECT_EQ(third.runs[1].findings, 0u);
  EXPECT_EQ(third.runs[2].findings, 2u);
}

TEST_F(HistoryTest, AnIncompleteScanEndsNothing) {
  record(run(1, {"/srv/www/a.php"}));
  ScanResult cut = run(2, {});
  cut.summary.is_complete = false;
  EXPECT_THAT(record(cut).ended, IsEmpty());
  EXPECT_THAT(record(run(3, {"/srv/www/a.php"})).came_back, IsEmpty());
}

TEST_F(HistoryTest, AListThatDoesNotAnswerEndsNoListing) {
  ScanResult listed = run(1, {});
  listed.listings = {listing(ListingState::kListed)};
  EXPECT_EQ(record(listed).runs.back().listings, 1u);
  ScanResult unasked = run(2, {});
  unasked.listings = {listing(ListingState::kNotChecked)};
  EXPECT_THAT(record(unasked).ended, IsEmpty());
  ScanResult clear = run(3, {});
  clear.listings = {listing(ListingState::kNotListed)};
  EXPECT_THAT(record(clear).ended, ElementsAre("192.0.2.25 on Example list (bl.example)"));
  listed.scan.started += std::chrono::days{3};
  EXPECT_THAT(record(listed).came_back, ElementsAre(HasSubstr("bl.example")));
}

TEST_F(HistoryTest, OtherRootsHaveATimeLineOfTheirOwn) {
  record(run(1, {"/srv/www/a.php"}));
  ScanResult other = run(2, {});
  other.scan.roots = {"/home"};
  const RunHistory history = record(other);
  EXPECT_THAT(history.ended, IsEmpty());
  EXPECT_EQ(history.runs.size(), 1u);
}

TEST_F(HistoryTest, CountsWhatLeftSinceTheRunBefore) {
  ScanResult first = run(1, {});
  first.mail.emplace();
  first.mail->volume_step = std::chrono::hours{24};
  const Time day{std::chrono::sys_days{std::chrono::year{2026} / 10 / 30}};
  first.mail->volume = {{day, 100, 7}};
  EXPECT_EQ(record(first).runs.back().submitted, 100u);
  ScanResult second = run(3, {});
  second.mail = first.mail;
  second.mail->volume.push_back({day + std::chrono::days{3}, 5, 1});
  const PastRun last = record(second).runs.back();
  EXPECT_EQ(last.submitted, 5u);
  EXPECT_EQ(last.null_sender, 1u);
}

TEST_F(HistoryTest, IsForItsOwnerOnlyAndADamagedOneIsAnError) {
  record(run(1, {}));
  struct stat status {};
  ASSERT_EQ(::stat((directory_ + "/history.sqlite").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  std::ofstream(directory_ + "/history.sqlite") << "no database at all, but some text of that size";
  const auto history = record_run(directory_, run(2, {}));
  ASSERT_FALSE(history);
  EXPECT_THAT(history.error().message(), HasSubstr("history.sqlite"));
}

}  // namespace
}  // namespace backscan::state

#include "join/join.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/time_text.h"

namespace backscan::join {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Time at(std::string_view text) { return parse_time(text).value(); }

Finding finding(const std::string& path, Severity severity, std::vector<Cause> causes) {
  Finding f;
  f.rule = "mailer/made";
  f.title = "Made finding";
  f.path = path;
  f.root = "/srv/www";
  f.severity = severity;
  f.confidence = Confidence::kHigh;
  f.causes = std::move(causes);
  f.remedy = "Take the file away.";
  return f;
}

Listing backscatterer(ListingState state = ListingState::kListed) {
  return {.ip = "192.0.2.25",
          .zone = "ips.backscatterer.org",
          .name = "Backscatterer",
          .state = state,
          .causes = {Cause::kBounce, Cause::kAutoreply, Cause::kCallout},
          .expires_after = std::chrono::hours{672}};
}

ScanResult result_with(std::vector<Finding> findings, std::vector<Listing> listings) {
  ScanResult result;
  result.scan.ips = {"192.0.2.25"};
  result.findings = std::move(findings);
  result.listings = std::move(listings);
  return result;
}

const JoinOptions kNow{.now = at("2026-11-24T06:00:00Z")};

TEST(Rank, PutsWhatFitsTheListingBeforeWhatIsWorseButDoesNot) {
  ScanResult result = result_with({finding("/srv/www/shell.php", Severity::kCritical, {Cause::kNone}),
                                   finding("/srv/www/reply.php", Severity::kHigh, {Cause::kAutoreply})},
                                  {backscatterer()});
  join(result, kNow);
  EXPECT_GT(result.findings[1].rank, result.findings[0].rank);
  EXPECT_THAT(result.findings[1].rank_reasons,
              Contains("can cause what Backscatterer lists for (auto-replies)"));
  EXPECT_THAT(result.findings[0].rank_reasons, Contains(HasSubstr("which this does not cause")));
}

TEST(Rank, FollowsSeverityAndConfidenceWhereNothingIsListed) {
  ScanResult result = result_with({finding("/srv/www/a.php", Severity::kCritical, {Cause::kSpam}),
                                   finding("/srv/www/b.php", Severity::kCritical, {Cause::kSpam}),
                                   finding("/srv/www/c.php", Severity::kMedium, {Cause::kSpam})},
                                  {});
  result.findings[1].confidence = Confidence::kLow;
  join(result, kNow);
  EXPECT_GT(result.findings[0].rank, result.findings[1].rank);
  EXPECT_GT(result.findings[1].rank, result.findings[2].rank);
}

TEST(Rank, IgnoresListingsForInformation) {
  Listing level2 = backscatterer();
  level2.is_informational = true;
  ScanResult plain = result_with({finding("/srv/www/a.php", Severity::kHigh, {Cause::kBounce})}, {});
  ScanResult informed = result_with(plain.findings, {level2});
  join(plain, kNow);
  join(informed, kNow);
  EXPECT_EQ(plain.findings[0].rank, informed.findings[0].rank);
}

TEST(Rank, RisesWhereTheFileChangedShortlyBeforeTheListing) {
  const auto rank_changed_at = [](std::string_view time) {
    ScanResult result =
        result_with({finding("/srv/www/a.php", Severity::kHigh, {Cause::kBounce})}, {backscatterer()});
    result.findings[0].file.ctime = at(time);
    join(result, {.seen = at("2026-11-03T16:43:00Z"), .now = kNow.now});
    return result.findings[0].rank;
  };
  EXPECT_GT(rank_changed_at("2026-11-03T15:00:00Z"), rank_changed_at("2026-10-25T15:00:00Z"));
  EXPECT_GT(rank_changed_at("2026-10-25T15:00:00Z"), rank_changed_at("2026-01-01T00:00:00Z"));
  EXPECT_GT(rank_changed_at("2026-01-01T00:00:00Z"), rank_changed_at("2026-11-04T00:00:00Z"));
}

TEST(Rank, PutsASenderSeenInTheLogsFirstAndStaysWithinBounds) {
  ScanResult result = result_with({finding("/srv/www/images/a.php", Severity::kCritical, {Cause::kBounce}),
                                   finding("/srv/www/b.php", Severity::kCritical, {Cause::kBounce})},
                                  {backscatterer()});
  result.findings[0].file.mode = 0666;
  result.findings[0].evidence = Evidence{.messages = UINT64_MAX, .null_sender = UINT64_MAX};
  join(result, kNow);
  EXPECT_EQ(result.findings[0].rank, 100);
  EXPECT_GT(result.findings[0].rank, result.findings[1].rank);
}

TEST(Advice, NamesListingCauseRemedyAndClockInThatOrder) {
  ScanResult result =
      result_with({finding("/srv/www/reply.php", Severity::kHigh, {Cause::kAutoreply})}, {backscatterer()});
  join(result, {.seen = at("2026-11-03T16:43:00Z"), .now = kNow.now});
  EXPECT_THAT(
      result.summary.advice,
      ElementsAre("192.0.2.25 is listed by Backscatterer (ips.backscatterer.org) for bounces, "
                  "auto-replies and sender callouts.",
                  AllOf(HasSubstr("Likely cause: /srv/www/reply.php"), Not(HasSubstr("more"))),
                  "First: Take the file away.",
                  "Backscatterer drops an address by itself four weeks after the last abuse it saw, "
                  "and each new one starts that time again. If nothing went out after "
                  "2026-11-03T16:43:00Z, the entry ends on 2026-12-01.",
                  HasSubstr("Do not pay")));
}

TEST(Advice, CountsTheClockFromTodayWhereNoTimeIsGiven) {
  ScanResult result = result_with({}, {backscatterer()});
  join(result, kNow);
  EXPECT_THAT(result.summary.advice, Contains(HasSubstr("the entry ends by 2026-12-22 at the latest")));
}

TEST(Advice, SuspectsTheMailServerWhereContentExplainsNothing) {
  ScanResult result =
      result_with({finding("/srv/www/shell.php", Severity::kCritical, {Cause::kNone})}, {backscatterer()});
  join(result, kNow);
  EXPECT_THAT(result.summary.advice,
              Contains(AllOf(HasSubstr("None of the findings explains"), HasSubstr("backscan audit"))));
}

TEST(Advice, NamesTheSettingThatCausesTheListing) {
  ScanResult result = result_with({}, {backscatterer()});
  result.audit = {{.file = "/etc/postfix/main.cf", .line = 31, .setting = "local_recipient_maps",
                   .severity = Severity::kHigh, .causes = {Cause::kBounce},
                   .why = "Mail to unknown users bounces later.", .fix = "postconf -X local_recipient_maps"}};
  join(result, kNow);
  EXPECT_THAT(result.summary.advice, Contains(HasSubstr("/etc/postfix/main.cf:31")));
  EXPECT_THAT(result.summary.advice, Contains("First: postconf -X local_recipient_maps"));
}

TEST(Advice, NeverSaysCleanWhereListsWereNotAsked) {
  ScanResult offline = result_with({}, {});
  offline.scan.is_offline = true;
  ScanResult no_address = result_with({}, {});
  no_address.scan.ips.clear();
  ScanResult unasked = result_with({}, {backscatterer(ListingState::kNotChecked)});
  for (ScanResult* result : {&offline, &no_address, &unasked}) {
    join(*result, kNow);
    EXPECT_THAT(result->summary.advice, ElementsAre(HasSubstr("is unknown")));
  }
}

TEST(Advice, IsSilentWhereEveryListAnsweredAndNothingIsWrong) {
  ScanResult result = result_with({}, {backscatterer(ListingState::kNotListed)});
  join(result, kNow);
  EXPECT_THAT(result.summary.advice, IsEmpty());
}

TEST(Advice, DoesNotPointAtAFindingThatIsNotWorthActingOn) {
  ScanResult result =
      result_with({finding("/srv/www/a.php", Severity::kLow, {Cause::kBounce})}, {backscatterer()});
  join(result, kNow);
  EXPECT_THAT(result.summary.advice, Each(Not(HasSubstr("Likely cause: /srv"))));
}

}  // namespace
}  // namespace backscan::join

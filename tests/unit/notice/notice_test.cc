#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notice/words.h"

namespace backscan::notice {
namespace {

using testing::HasSubstr;
using testing::Not;

Finding made_finding(const std::string& fingerprint, Severity severity, int rank = 0) {
  Finding finding;
  finding.rule = "mailer/made";
  finding.severity = severity;
  finding.path = "/srv/www/" + fingerprint + ".php";
  finding.message = "It sends.";
  finding.fingerprint = fingerprint;
  finding.rank = rank;
  return finding;
}

Listing made_listing(ListingState state, bool is_informational = false) {
  return {.ip = "192.0.2.25", .zone = "bl.example", .name = "Made list", .state = state,
          .is_informational = is_informational};
}

TEST(NoticeChanges, AreWhatNobodyWasToldOf) {
  ScanResult result;
  result.findings = {made_finding("old", Severity::kHigh), made_finding("new", Severity::kHigh, 5),
                     made_finding("worse", Severity::kHigh, 9), made_finding("low", Severity::kLow)};
  result.listings = {made_listing(ListingState::kListed)};
  const Known known{.findings = {"old", "away"}};
  const Changes changes = changes_since(known, result, Severity::kMedium);
  ASSERT_EQ(changes.found.size(), 2U);
  EXPECT_EQ(changes.found[0]->fingerprint, "worse");
  EXPECT_EQ(changes.found[1]->fingerprint, "new");
  EXPECT_EQ(changes.gone, 1U);
  EXPECT_EQ(changes.listed.size(), 1U);
  EXPECT_TRUE(changes_since(changes.known, result, Severity::kMedium).is_nothing());
}

TEST(NoticeChanges, AnIncompleteScanMakesNothingGo) {
  ScanResult result;
  result.summary.is_complete = false;
  const Changes changes = changes_since({.findings = {"old"}}, result, Severity::kMedium);
  EXPECT_TRUE(changes.is_nothing());
  EXPECT_TRUE(changes.known.findings.contains("old"));
}

TEST(NoticeChanges, AListThatDidNotAnswerEndsNoListing) {
  ScanResult result;
  result.listings = {made_listing(ListingState::kNotChecked)};
  const Known known{.listings = {"192.0.2.25 bl.example"}};
  const Changes silent = changes_since(known, result, Severity::kMedium);
  EXPECT_TRUE(silent.is_nothing());
  EXPECT_EQ(silent.known.listings, known.listings);
  result.listings = {made_listing(ListingState::kNotListed)};
  EXPECT_EQ(changes_since(known, result, Severity::kMedium).delisted.size(), 1U);
}

TEST(NoticeChanges, InformationalListingsAreNoNews) {
  ScanResult result;
  result.listings = {made_listing(ListingState::kListed, true)};
  EXPECT_TRUE(changes_since({}, result, Severity::kMedium).is_nothing());
}

TEST(NoticeChanges, KnownComesBackAsItWasWritten) {
  const Known known{.findings = {"a", "b"}, .listings = {"192.0.2.25 bl.example"}};
  const auto read = parse_known(format_known(known), "known");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->findings, known.findings);
  EXPECT_EQ(read->listings, known.listings);
  for (const char* damaged : {"", "{}", "[]", "{\"schema_version\":2,\"findings\":[],\"listings\":[]}",
                              "{\"schema_version\":1,\"findings\":[1],\"listings\":[]}"})
    EXPECT_FALSE(parse_known(damaged, "known")) << damaged;
}

TEST(NoticeWords, AHostileNameMakesNoHeaderAndNoLine) {
  ScanResult result;
  result.scan.host = "web1\nBcc: victim@example.org\n.example";
  Finding finding = made_finding("x", Severity::kHigh);
  finding.path = "/srv/www/a\nBcc: victim@example.org\n\n.\nb.php";
  result.findings = {finding};
  const Changes changes = changes_since({}, result, Severity::kMedium);
  const std::string mail =
      mail_of({"backscan@example.com", {"admin@example.com"}}, subject_of(changes, result),
              text_of(changes, result), Time{}, result.scan.host);
  EXPECT_THAT(mail, Not(HasSubstr("\nBcc:")));
  EXPECT_THAT(mail, Not(HasSubstr("\n.\n")));
  EXPECT_THAT(mail, HasSubstr("Auto-Submitted: auto-generated\n"));
  EXPECT_THAT(mail, HasSubstr("From: backscan <backscan@example.com>\n"));
  EXPECT_THAT(mail, HasSubstr("Date: Thu, 01 Jan 1970 00:00:00 +0000\n"));
}

TEST(NoticeWords, TakesPlainAddressesOnly) {
  EXPECT_TRUE(check_address("admin@example.com"));
  for (const char* address : {"", "admin", "@example.com", "a@", "-f@example.com", "a b@example.com",
                              "<a@example.com>", "a@example.com\nBcc: b@example.com", "a,b@example.com"})
    EXPECT_FALSE(check_address(address)) << address;
}

}  // namespace
}  // namespace backscan::notice

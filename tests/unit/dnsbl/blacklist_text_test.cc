#include "cli/blacklist_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace backscan::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Listing row(std::string ip, std::string zone, ListingState state,
            NotChecked reason = NotChecked::kNone) {
  Listing listing;
  listing.ip = std::move(ip);
  listing.name = listing.zone = std::move(zone);
  listing.state = state;
  listing.reason = reason;
  if (state == ListingState::kListed) listing.codes = {"127.0.0.2"};
  return listing;
}

int code_of(std::vector<Listing> rows, std::vector<ErrorRecord> errors = {}) {
  return blacklist_exit_code(tally_of({std::move(rows), std::move(errors)}), 75);
}

std::vector<Listing> clean_rows(std::size_t count) {
  std::vector<Listing> rows;
  for (std::size_t i = 0; i < count; ++i)
    rows.push_back(row("192.0.2.1", "c" + std::to_string(i) + ".test", ListingState::kNotListed));
  return rows;
}

TEST(BlacklistExitCode, IsZeroOnlyWhenEnoughListsAnswered) {
  auto rows = clean_rows(3);
  EXPECT_EQ(code_of(rows), 0);
  rows.push_back(row("192.0.2.1", "w.test", ListingState::kNotChecked, NotChecked::kWildcard));
  EXPECT_EQ(code_of(rows), 0) << "three of four";
  rows.push_back(row("192.0.2.1", "e.test", ListingState::kNotChecked, NotChecked::kEmpty));
  EXPECT_EQ(code_of(rows), 1) << "three of five";
}

TEST(BlacklistExitCode, HoldsEachAddressToTheShare) {
  auto rows = clean_rows(8);
  rows.push_back(row("192.0.2.2", "c0.test", ListingState::kNotChecked, NotChecked::kUnreachable));
  EXPECT_EQ(code_of(rows), 1);
}

TEST(BlacklistExitCode, IsUnknownWhenNothingAnswered) {
  EXPECT_EQ(code_of({}), 3);
  EXPECT_EQ(code_of({row("192.0.2.1", "w.test", ListingState::kNotChecked, NotChecked::kRefused)}),
            3);
  EXPECT_EQ(code_of({row("192.0.2.1", "k.test", ListingState::kNotChecked, NotChecked::kNeedsKey)}),
            3);
}

TEST(BlacklistExitCode, PutsAListingBeforeEverythingElse) {
  auto rows = clean_rows(1);
  rows.push_back(row("192.0.2.1", "b.test", ListingState::kListed));
  EXPECT_EQ(code_of(rows, {{Stage::kDns, "x", "not an address"}}), 2);
  EXPECT_EQ(code_of(clean_rows(1), {{Stage::kDns, "x", "not an address"}}), 3);
  EXPECT_EQ(code_of(clean_rows(1), {{Stage::kDns, "x", "a note", true}}), 0);
}

TEST(BlacklistExitCode, WarnsAboutInformationalListingsAndSkipsMissingKeys) {
  auto rows = clean_rows(1);
  rows.push_back(row("192.0.2.1", "k.test", ListingState::kNotChecked, NotChecked::kNeedsKey));
  EXPECT_EQ(code_of(rows), 0);
  rows.push_back(row("192.0.2.1", "i.test", ListingState::kListed));
  rows.back().is_informational = true;
  EXPECT_EQ(code_of(rows), 1);
}

TEST(BlacklistText, BeginsWithNagiosLine) {
  const auto text =
      blacklist_text({clean_rows(4), {}}, {.elapsed = std::chrono::milliseconds(1234)});
  EXPECT_THAT(text, StartsWith("BACKSCAN OK - not listed (4 of 4 lists answered) | listed=0;;0;0;4 "
                               "informational=0;0;;0;4 lists=4;;;0 answered=4;;;0;4 "
                               "not_checked=0;;;0;4 time=1.234s;;;0\n"));
}

TEST(BlacklistText, EscapesWhatListsSay) {
  Listing hostile = row("192.0.2.1", "b.test", ListingState::kListed);
  hostile.name = "Bad|name\x1b[31m";
  hostile.text = {"a|b\n\x9b\xff\x1b]0;x\x07", std::string(5000, 'x')};
  hostile.meaning = {"m|n"};
  hostile.policy = "p|q";
  const auto text = blacklist_text({{hostile}, {{Stage::kDns, "e|f", "g|h"}}}, {.color = false});
  EXPECT_EQ(std::ranges::count(text, '|'), 1);
  for (const char forbidden : {'\x1b', '\x9b', '\x07', '\xff'})
    EXPECT_EQ(text.find(forbidden), std::string::npos);
  EXPECT_LT(text.size(), 3000u);
}

TEST(BlacklistText, TellsWhatIsNotKnown) {
  auto rows = clean_rows(1);
  rows.push_back(row("192.0.2.1", "w.test", ListingState::kNotChecked, NotChecked::kWildcard));
  rows.push_back(row("192.0.2.2", "c0.test", ListingState::kNotChecked, NotChecked::kUnreachable));
  const auto text = blacklist_text({rows, {}}, {});
  EXPECT_THAT(text, HasSubstr("w.test: every address is listed"));
  EXPECT_THAT(text, HasSubstr("c0.test for 192.0.2.2: no answer"));
}

TEST(BlacklistText, WarnsThatASmarthostSends) {
  EXPECT_THAT(blacklist_text({clean_rows(1), {}}, {.relayhost = "smtp.example.net"}),
              HasSubstr("mail leaves this host through smtp.example.net"));
  EXPECT_THAT(blacklist_text({clean_rows(1), {}}, {}), Not(HasSubstr("mail leaves")));
}

TEST(BlacklistText, IsOneLineWhenQuiet) {
  const auto text = blacklist_text({clean_rows(2), {}}, {.quiet = true});
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
}

}  // namespace
}  // namespace backscan::cli

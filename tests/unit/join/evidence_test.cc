// Senders meet findings, and both meet the listing: which cause comes first, and with what proof.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "join/join.h"
#include "model/time_text.h"

namespace backscan::join {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Time at(std::string_view text) { return parse_time(text).value(); }

const Time kNow = at("2026-11-24T06:00:00Z");

Finding finding(const std::string& path, Severity severity, std::vector<Cause> causes,
                std::uint32_t uid = 1001) {
  Finding f;
  f.rule = "mailer/made";
  f.title = "Made finding";
  f.path = path;
  f.root = "/srv/www";
  f.severity = severity;
  f.confidence = Confidence::kHigh;
  f.causes = std::move(causes);
  f.remedy = "Take the file away.";
  f.file.uid = uid;
  return f;
}

Sender sender(std::uint64_t messages) {
  Sender s;
  s.evidence = {.messages = messages, .recipients = messages,
                .first = at("2026-11-20T00:00:00Z"), .last = at("2026-11-23T00:00:00Z"),
                .sources = {"exim:/var/log/exim4/mainlog"}};
  return s;
}

Sender script_sender(const std::string& path, std::uint64_t messages) {
  Sender s = sender(messages);
  s.script = path;
  s.attribution = Attribution::kPhpMailLog;
  return s;
}

Listing list_for(std::vector<Cause> causes) {
  return {.ip = "192.0.2.25", .zone = "bl.test", .name = "Test list", .state = ListingState::kListed,
          .causes = std::move(causes), .expires_after = std::chrono::hours{672}};
}

const std::vector<Cause> kBackscatter = {Cause::kBounce, Cause::kAutoreply, Cause::kCallout};

BackscatterCluster cluster(BackscatterReason reason, std::uint64_t messages) {
  return {.reason = reason, .messages = messages, .first = at("2026-11-20T00:00:00Z"),
          .last = at("2026-11-23T00:00:00Z"), .sample_id = "1xVjLy-0006zz-2k",
          .sample_parent = "1xVjLy-0006yi-1j"};
}

/// A host whose logs were read.
ScanResult host() {
  ScanResult result;
  result.scan.ips = {"192.0.2.25"};
  result.scan.roots = {"/srv/www"};
  result.mail = MailActivity{.files = {"/var/log/exim4/mainlog"}, .first = at("2026-11-01T00:00:00Z"),
                             .last = at("2026-11-23T12:00:00Z")};
  return result;
}

ScanResult& joined(ScanResult& result, JoinOptions options = {}) {
  options.now = kNow;
  add_evidence(result, options);
  join(result, options);
  return result;
}

TEST(Evidence, GoesToTheScriptThatSentWhateverItsPathIsCalledInTheLog) {
  ScanResult result = host();
  result.findings = {finding("/srv/www/link/a.php", Severity::kHigh, {Cause::kSpam}),
                     finding("/srv/www/b.php", Severity::kHigh, {Cause::kSpam})};
  result.senders = {script_sender("/home/u/www/a.php", 7)};
  joined(result, {.host_paths = {{"/srv/www/link/a.php", "/home/u/www/a.php"}}});
  EXPECT_EQ(result.findings[0].evidence->messages, 7u);
  EXPECT_THAT(result.findings[0].evidence->sources, Contains("known by: php-mail-log"));
  EXPECT_EQ(result.findings[1].evidence->messages, 0u) << "looked at, nothing seen";
  EXPECT_GT(result.findings[0].rank, result.findings[1].rank);
}

TEST(Evidence, OfADirectoryGoesToItsOnlyFindingButToNoneOfSeveral) {
  ScanResult one = host();
  one.findings = {finding("/srv/www/d/a.php", Severity::kHigh, {Cause::kSpam})};
  one.senders = {sender(7)};
  one.senders[0].directory = "/srv/www/d";
  joined(one);
  EXPECT_EQ(one.findings[0].evidence->messages, 7u);
  ScanResult two = host();
  two.findings = {one.findings[0], finding("/srv/www/d/b.php", Severity::kHigh, {Cause::kSpam})};
  two.findings[0].evidence.reset();
  two.senders = one.senders;
  joined(two);
  for (const Finding& f : two.findings) {
    EXPECT_FALSE(f.evidence) << "neither of the two is proved";
    EXPECT_THAT(f.rank_reasons, Contains("one of 2 files of the directory that sent 7 messages"));
  }
}

TEST(Evidence, OfAnAccountAloneCountsLessThanOfAScript) {
  const auto rank_with = [](Sender s) {
    ScanResult result = host();
    result.findings = {finding("/srv/www/a.php", Severity::kHigh, {Cause::kSpam}, 1001)};
    result.senders = {std::move(s)};
    return joined(result).findings[0].rank;
  };
  Sender by_uid = sender(50);
  by_uid.uid = 1001;
  by_uid.attribution = Attribution::kUidOnly;
  Sender other = by_uid;
  other.uid = 1002;
  EXPECT_GT(rank_with(script_sender("/srv/www/a.php", 50)), rank_with(by_uid));
  EXPECT_GT(rank_with(by_uid), rank_with(other));
}

TEST(Evidence, AnUnexplainedSenderIsAFindingOnlyWithVolumeAndWhereItIsThere) {
  ScanResult result = host();
  result.senders = {script_sender("/srv/www/odd.php", 40), script_sender("/srv/www/form.php", 3),
                    script_sender("/srv/www/gone.php", 40), script_sender("/elsewhere/x.php", 40)};
  const JoinOptions options{.sender_files = {{"/srv/www/odd.php", {}}, {"/srv/www/form.php", {}},
                                             {"/elsewhere/x.php", {}}}};
  joined(result, options);
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].path, "/srv/www/odd.php");
  EXPECT_EQ(result.findings[0].rule, "evidence/unexplained-sender");
  EXPECT_EQ(result.findings[0].severity, Severity::kLow);
  EXPECT_FALSE(result.findings[0].fingerprint.empty());
}

TEST(Evidence, AnUnexplainedSenderIsSeriousWhereItsMailLooksLikeIt) {
  const auto severity_of = [](auto change) {
    ScanResult result = host();
    result.senders = {script_sender("/srv/www/odd.php", 40)};
    change(result.senders[0]);
    joined(result, {.sender_files = {{"/srv/www/odd.php", {}}}});
    return result.findings.at(0).severity;
  };
  EXPECT_EQ(severity_of([](Sender& s) { s.bounces_caused = 12; }), Severity::kMedium);
  EXPECT_EQ(severity_of([](Sender& s) { s.is_eval = true; }), Severity::kMedium);
  EXPECT_EQ(severity_of([](Sender& s) { s.evidence.null_sender = 1; }), Severity::kMedium);
  EXPECT_EQ(severity_of([](Sender& s) { s.evidence.recipients = 5000; s.bounces_caused = 900; }),
            Severity::kHigh);
}

TEST(Causes, ABounceListingIsOfTheMailServerThatBouncesNotOfTheMailer) {
  ScanResult result = host();
  result.listings = {list_for(kBackscatter)};
  result.findings = {finding("/srv/www/mailer.php", Severity::kHigh, {Cause::kSpam, Cause::kBounce})};
  result.senders = {script_sender("/srv/www/mailer.php", 5000)};
  result.mail->backscatter = {cluster(BackscatterReason::kUnknownUser, 12)};
  joined(result);
  ASSERT_EQ(result.summary.causes.size(), 2u);
  EXPECT_EQ(result.summary.causes[0].subject, "unknown-user");
  EXPECT_EQ(result.summary.causes[0].evidence->messages, 12u);
  EXPECT_THAT(result.summary.advice,
              Contains(HasSubstr("the mail server. The mail server sent 12 bounces of mail to users "
                                 "that do not exist to strangers")));
}

TEST(Causes, ASpamListingIsOfTheMailerNotOfTheMailServersBounces) {
  ScanResult result = host();
  result.listings = {list_for({Cause::kSpam})};
  result.findings = {finding("/srv/www/mailer.php", Severity::kHigh, {Cause::kSpam})};
  result.senders = {script_sender("/srv/www/mailer.php", 50)};
  result.mail->backscatter = {cluster(BackscatterReason::kUnknownUser, 500)};
  joined(result);
  ASSERT_EQ(result.summary.causes.size(), 1u);
  EXPECT_EQ(result.summary.causes[0].subject, "/srv/www/mailer.php");
  EXPECT_THAT(result.summary.advice,
              Contains(AllOf(HasSubstr("Likely cause: /srv/www/mailer.php, Made finding"),
                             HasSubstr("The logs show 50 messages to 50 recipients"))));
}

TEST(Causes, TwoThatAreProvedAreBothTold) {
  ScanResult result = host();
  result.listings = {list_for(kBackscatter), list_for({Cause::kSpam})};
  result.findings = {finding("/srv/www/mailer.php", Severity::kHigh, {Cause::kSpam})};
  result.senders = {script_sender("/srv/www/mailer.php", 50)};
  result.mail->backscatter = {cluster(BackscatterReason::kVacation, 5)};
  joined(result);
  EXPECT_THAT(result.summary.advice, Contains(HasSubstr("One of several causes: ")));
  EXPECT_THAT(result.summary.advice, Contains(HasSubstr("Also a cause: ")));
}

TEST(Causes, NamesTheSettingThatLetsTheMailServerDoIt) {
  ScanResult result = host();
  result.listings = {list_for(kBackscatter)};
  result.mail->backscatter = {cluster(BackscatterReason::kUnknownUser, 5)};
  result.audit = {{.file = "/etc/postfix/main.cf", .line = 31, .setting = "local_recipient_maps",
                   .severity = Severity::kHigh, .causes = {Cause::kBounce},
                   .fix = "postconf -X local_recipient_maps"}};
  joined(result);
  EXPECT_THAT(result.summary.causes[0].remedy,
              AllOf(HasSubstr("/etc/postfix/main.cf:31"), HasSubstr("postconf -X")));
}

TEST(Causes, LogsWithoutAnyOfItPointElsewhere) {
  ScanResult result = host();
  result.listings = {list_for(kBackscatter)};
  ScanResult relayed = result;
  joined(result);
  ASSERT_EQ(result.summary.causes.size(), 1u);
  EXPECT_EQ(result.summary.causes[0].kind, CauseKind::kElsewhere);
  EXPECT_THAT(result.summary.advice, Contains(HasSubstr("hold nothing that the listing can be for")));
  joined(relayed, {.relayhost = "smart.example"});
  EXPECT_EQ(relayed.summary.causes[0].subject, "smart.example");
  EXPECT_THAT(relayed.summary.advice, Contains(HasSubstr("Look at smart.example")));
}

TEST(Causes, AnAddressThatIsNotOursPointsToItsHost) {
  ScanResult result = host();
  result.mail.reset();
  result.listings = {list_for(kBackscatter)};
  ScanResult ours = result;
  joined(result, {.own_addresses = {"198.51.100.7"}});
  ASSERT_EQ(result.summary.causes.size(), 1u);
  EXPECT_EQ(result.summary.causes[0].kind, CauseKind::kElsewhere);
  EXPECT_EQ(result.summary.causes[0].subject, "the host at " + result.listings[0].ip);
  joined(ours, {.own_addresses = {"198.51.100.7", ours.listings[0].ip}});
  EXPECT_THAT(ours.summary.causes, IsEmpty());
}

TEST(Causes, LogsThatBeginAfterTheListingProveNothing) {
  ScanResult result = host();
  result.listings = {list_for(kBackscatter)};
  joined(result, {.seen = at("2026-10-01T00:00:00Z")});
  EXPECT_THAT(result.summary.causes, IsEmpty());
  EXPECT_THAT(result.summary.advice, Contains(HasSubstr("No scanned file explains the listing")));
}

TEST(Causes, ASenderThatIsNotInTheScanIsTold) {
  ScanResult result = host();
  result.listings = {list_for({Cause::kSpam})};
  result.senders = {sender(400)};
  result.senders[0].uid = 1005;
  result.senders[0].account = "kim";
  joined(result);
  EXPECT_EQ(result.summary.causes[0].kind, CauseKind::kSender);
  EXPECT_THAT(result.summary.advice, Contains(HasSubstr("Likely cause: account kim")));
}

TEST(Clock, RunsFromTheLastMailOfThatKindInTheLogs) {
  ScanResult result = host();
  result.listings = {list_for(kBackscatter)};
  result.mail->backscatter = {cluster(BackscatterReason::kUnknownUser, 5)};
  result.mail->last_null_sender = at("2026-11-23T00:00:00Z");
  joined(result, {.seen = at("2026-11-21T10:00:00Z")});
  EXPECT_THAT(result.summary.advice,
              Contains(AllOf(HasSubstr("the last of that kind is of 2026-11-23T00:00:00Z, after the "
                                       "listing's time: it goes on"),
                             HasSubstr("the entry ends on 2026-12-21"))));
}

TEST(Advice, TellsWhoRefusesUsBecauseOfALIst) {
  ScanResult result = host();
  result.mail->refusals = {{.list = "bl.test", .count = 3, .first = kNow, .last = kNow}};
  joined(result);
  EXPECT_THAT(result.summary.advice, Contains(HasSubstr("refused 3 messages because of bl.test")));
}

}  // namespace
}  // namespace backscan::join

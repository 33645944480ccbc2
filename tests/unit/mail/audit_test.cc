// The shipped audit rules over configurations as administrators really write them.
#include "mail/audit.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace backscan::mail {
namespace {

const std::vector<AuditRule>& shipped_rules() {
  static const auto rules = load_audit_rules(BACKSCAN_SOURCE_DIR "/signatures/audit");
  EXPECT_TRUE(rules.has_value());
  return *rules;
}

std::vector<std::string> ids(const Settings& settings) {
  std::vector<std::string> found;
  for (const AuditNote& note : judge(shipped_rules(), settings)) found.push_back(note.rule);
  return found;
}

using Ids = std::vector<std::string>;

Ids postfix(std::string_view main) {
  Settings settings;
  read_postfix_main(main, "main.cf", settings);
  return ids(settings);
}

Ids exim(std::string_view text) {
  Settings settings;
  read_exim(text, "exim.conf", settings);
  return ids(settings);
}

TEST(AuditPostfix, EmptyLocalRecipientMapsIsBackscatter) {
  EXPECT_EQ(postfix("local_recipient_maps =\n"), Ids{"postfix/local-recipient-maps-empty"});
  EXPECT_EQ(postfix("local_recipient_maps = proxy:unix:passwd.byname $alias_maps\n"), Ids{});
}

TEST(AuditPostfix, ReadsContinuationLinesAndComments) {
  EXPECT_EQ(postfix("smtpd_sender_restrictions =\n  permit_mynetworks,\n# a remark\n"
                    "  reject_unverified_sender\n"),
            Ids{"postfix/sender-callouts"});
  EXPECT_EQ(postfix("# smtpd_reject_unlisted_recipient = no\n"), Ids{});
}

TEST(AuditPostfix, BackupMxNeedsItsRecipients) {
  EXPECT_EQ(postfix("relay_domains = example.com example.org\n"),
            Ids{"postfix/relay-recipients-unknown"});
  EXPECT_EQ(postfix("relay_domains = example.com\nrelay_recipient_maps = hash:/etc/postfix/r\n"),
            Ids{});
  EXPECT_EQ(postfix("relay_domains = example.com\nsmtpd_recipient_restrictions = "
                    "reject_unauth_destination, reject_unverified_recipient\n"),
            Ids{});
  EXPECT_EQ(postfix("relay_domains = \n"), Ids{});
}

TEST(AuditPostfix, JudgesTimes) {
  EXPECT_EQ(postfix("delay_warning_time = 4h\n"), Ids{"postfix/delay-warnings"});
  EXPECT_EQ(postfix("delay_warning_time = 0h\nbounce_queue_lifetime = 1d\n"), Ids{});
  EXPECT_EQ(postfix("bounce_queue_lifetime = 3w\n"), Ids{"postfix/long-bounce-lifetime"});
}

TEST(AuditPostfix, LeavesReinjectionPortsAlone) {
  constexpr std::string_view master =
      "127.0.0.1:10025 inet n - n - - smtpd\n"
      "  -o local_recipient_maps=\n"
      "submission inet n - y - - smtpd\n"
      "  -o smtpd_reject_unlisted_recipient=no\n";
  Settings settings;
  read_postfix_master(master, "master.cf", settings);
  ASSERT_EQ(settings.size(), 1u);
  EXPECT_EQ(settings[0].line, 4u);
  EXPECT_EQ(ids(settings), Ids{"postfix/unlisted-recipients-accepted"});
}

constexpr std::string_view kVerifiedAcl =
    "acl_smtp_rcpt = check_rcpt\n"
    "begin acl\n"
    "check_rcpt:\n"
    "  accept hosts = :\n"
    "  accept local_parts = postmaster\n"
    "         domains = +local_domains\n"
    "  require verify = sender\n"
    "  accept hosts = +relay_from_hosts\n"
    "  require message = relay not permitted\n"
    "          domains = +local_domains : +relay_to_domains\n"
    "  require verify = recipient\n"
    "  accept\n";

TEST(AuditExim, AcceptsThatFollowRecipientVerificationAreFine) {
  EXPECT_EQ(exim(kVerifiedAcl), Ids{});
}

TEST(AuditExim, AcceptBeforeVerificationIsBackscatter) {
  std::string text(kVerifiedAcl);
  text.replace(text.find("  require verify = recipient\n"), 29, "");
  EXPECT_EQ(exim(text), Ids{"exim/accepts-unverified-recipients"});
}

TEST(AuditExim, DenyOfUnverifiedRecipientsCountsAsVerification) {
  EXPECT_EQ(exim("acl_smtp_rcpt = a\nbegin acl\na:\n  deny !verify = recipient\n  accept\n"), Ids{});
  EXPECT_EQ(exim("acl_smtp_rcpt = a\nbegin acl\na:\n  accept domains = +local_domains\n"
                 "    endpass\n    verify = recipient\n  deny\n"),
            Ids{});
}

TEST(AuditExim, CalloutsAreToldFromPlainVerification) {
  EXPECT_EQ(exim("begin acl\na:\n  require verify = sender/callout=30s,defer_ok\n"),
            Ids{"exim/sender-callouts"});
  EXPECT_EQ(exim("begin acl\na:\n  require verify = sender\n"), Ids{});
}

TEST(AuditExim, CalloutsForAWrittenListAreNotForWhomeverSpamNames) {
  EXPECT_EQ(exim("begin acl\na:\n  deny senders = ${if exists{/etc/list}{/etc/list}{}}\n"
                 "    !verify = sender/callout\n"),
            Ids{});
  EXPECT_EQ(exim("begin acl\na:\n  deny senders = !postmaster@*\n    !verify = sender/callout\n"),
            Ids{"exim/sender-callouts"});
  EXPECT_EQ(exim("begin acl\na:\n  require domains = +relay_to_domains\n"
                 "    verify = recipient/callout\n"),
            Ids{}) << "our own back ends";
}

TEST(AuditExim, ConditionalBlocksThatNoMacroOpensAreNotRead) {
  constexpr std::string_view text =
      ".ifdef CHECK_CALLOUT\nbegin acl\na:\n  require verify = sender/callout\n.endif\n";
  EXPECT_EQ(exim(text), Ids{});
  EXPECT_EQ(exim("CHECK_CALLOUT = 1\n" + std::string(text)), Ids{"exim/sender-callouts"});
}

TEST(AuditExim, AutoreplyWithoutMemoryAnswersEverySpam) {
  EXPECT_EQ(exim("begin transports\nvacation:\n  driver = autoreply\n  to = $reply_address\n"),
            Ids{"exim/autoreply-to-every-message"});
  EXPECT_EQ(exim("begin transports\nvacation:\n  driver = autoreply\n  once = /var/db/$local_part\n"
                 "  once_repeat = 7d\n"),
            Ids{});
  EXPECT_EQ(exim("begin transports\naddress_reply:\n  driver = autoreply\n"), Ids{})
      << "it carries what users' filters say";
}

TEST(AuditAliases, ACatchAllThatRefusesIsFine) {
  Settings settings;
  read_alias_table("*: :fail: No such user here\n", "/etc/valiases/example.com", settings);
  read_alias_table("info@example.com: someone\n", "/etc/valiases/example.com", settings);
  EXPECT_EQ(ids(settings), Ids{});
  read_alias_table("*: someone@example.org\n", "/etc/valiases/example.net", settings);
  EXPECT_EQ(ids(settings), Ids{"alias/catch-all-remote"});
}

TEST(AuditOthers, AmavisDovecotSendmailAndPhp) {
  Settings settings;
  read_amavis("$final_spam_destiny       = D_BOUNCE;  # default\n$final_virus_destiny = D_DISCARD;\n",
              "20-debian_defaults", settings);
  read_dovecot("plugin {\n  sieve_vacation_dont_check_recipient = yes\n}\n", "90-sieve.conf",
               settings);
  read_sendmail("define(`LUSER_RELAY', `someone@example.org')dnl\n", "sendmail.mc", settings);
  read_php_ini("[PHP]\nauto_prepend_file = /tmp/x.php\n; sendmail_path =\n", "php.ini", settings);
  const Ids found = ids(settings);
  EXPECT_EQ(Ids(found.begin(), found.end()),
            (Ids{"amavis/spam-bounced", "dovecot/vacation-answers-foreign-recipients",
                 "php/prepend-from-writable-place", "sendmail/luser-relay"}));
}

TEST(AuditDurations, AsTheManualsWriteThem) {
  EXPECT_EQ(parse_duration("5d"), 5 * 86400);
  EXPECT_EQ(parse_duration("1h30m"), 5400);
  EXPECT_EQ(parse_duration("10w"), 10 * 604800);
  EXPECT_EQ(parse_duration("15"), 15);
  EXPECT_FALSE(parse_duration("soon"));
  EXPECT_FALSE(parse_duration(""));
}

}  // namespace
}  // namespace backscan::mail

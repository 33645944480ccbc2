// Whole histories: files in a made root, read, joined and summed up.
#include "mail/evidence.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace backscan::mail {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class EvidenceTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "evidence-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  void TearDown() override { fs::remove_all(root_); }
  void write(const std::string& path, std::string_view text) {
    fs::create_directories((root_ / path.substr(1)).parent_path());
    std::ofstream(root_ / path.substr(1), std::ios::binary) << text;
  }
  /// Facts of a host on which every path is a file of `uid`; users are numbered as they are named.
  static HostFacts owned_by(std::uint32_t uid) {
    return {.owner_of = [uid](const std::string&) { return std::optional(uid); },
            .uid_of = [](const std::string& user) -> std::optional<std::uint32_t> {
              if (user == "u") return 1001;
              return std::nullopt;
            }};
  }
  [[nodiscard]] MailHistory history() const {
    EvidenceInput input{.root = root_.string(), .zone_offset = 0s};
    input.now = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25}};
    return *read_history(input);
  }
  fs::path root_;
};

constexpr std::string_view kBackscatter =
    "2026-11-24 05:46:06 1xVjLy-0006yi-1j <= forged@innocent.example H=(spam) [198.51.100.7]:4242 "
    "P=esmtp S=900\n"
    "2026-11-24 05:46:06 1xVjLy-0006yi-1j ** nobody@local.test: Unrouteable address\n"
    "2026-11-24 05:46:06 1xVjLy-0006zz-2k <= <> R=1xVjLy-0006yi-1j U=Debian-exim P=local S=2000 "
    "T=\"Mail delivery failed: returning message to sender\" for forged@innocent.example\n"
    "2026-11-24 05:46:07 1xVjLy-0006zz-2k => forged@innocent.example R=remote T=rsmtp H=mx "
    "[192.0.2.9]:25 C=\"250 ok\"\n"
    "2026-11-24 05:46:07 1xVjLy-0006zz-2k Completed\n";

TEST_F(EvidenceTest, ABounceOfForeignMailToAStrangerIsBackscatter) {
  write("/var/log/exim4/mainlog", kBackscatter);
  const MailActivity activity = summarize(history());
  ASSERT_EQ(activity.backscatter.size(), 1u);
  EXPECT_EQ(activity.backscatter[0].reason, BackscatterReason::kUnknownUser);
  EXPECT_EQ(activity.backscatter[0].messages, 1u);
  EXPECT_EQ(activity.backscatter[0].sample_parent, "1xVjLy-0006yi-1j");
  EXPECT_EQ(activity.backscatter[0].sample_recipient, "forged@innocent.example");
}

TEST_F(EvidenceTest, ABounceToOurOwnUserIsNot) {
  write("/var/log/exim4/mainlog",
        "2026-11-24 05:46:06 1xVjLy-0006yi-1j <= u@local.test U=u P=local S=900\n"
        "2026-11-24 05:46:06 1xVjLy-0006yi-1j ** gone@remote.example R=r T=t H=mx [192.0.2.9]: 550 no\n"
        "2026-11-24 05:46:06 1xVjLy-0006zz-2k <= <> R=1xVjLy-0006yi-1j U=Debian-exim P=local S=2 "
        "T=\"Mail delivery failed: returning message to sender\" for u@local.test\n"
        "2026-11-24 05:46:07 1xVjLy-0006zz-2k => u <u@local.test> R=local_user T=mail_spool\n");
  const MailHistory all = history();
  const MailActivity activity = summarize(all);
  EXPECT_TRUE(activity.backscatter.empty());
  EXPECT_EQ(activity.bounces_to_local_senders, 1u);
  const auto who = senders(all, {});
  ASSERT_EQ(who.size(), 1u);
  EXPECT_EQ(who[0].bounces_caused, 1u);
}

/// A message of `u` that another host refused, and its bounce to `to`, which the log has received only.
std::string refused_mail(std::string_view from, std::string_view to) {
  return "2026-11-24 05:46:06 1xVjLy-0006yi-1j <= " + std::string(from) +
         " U=u P=local S=900\n"
         "2026-11-24 05:46:06 1xVjLy-0006yi-1j ** gone@remote.example R=r T=t H=mx [192.0.2.9]: 550 no\n"
         "2026-11-24 05:46:06 1xVjLy-0006zz-2k <= <> R=1xVjLy-0006yi-1j U=Debian-exim P=local S=2 "
         "T=\"Mail delivery failed: returning message to sender\" for " +
         std::string(to) + "\n";
}

std::string queued_bounce(std::string_view to) {
  return "1xVjLy-0006zz-2k-H\nDebian-exim 105 109\n<>\n1763962000 0\n-localerror\nXX\n1\n" +
         std::string(to) + "\n\n";
}

TEST_F(EvidenceTest, ABounceThatWaitsForOurOwnUserIsNotEither) {
  write("/var/log/exim4/mainlog", refused_mail("u@local.test", "u@local.test"));
  write("/var/spool/exim4/input/1xVjLy-0006zz-2k-H", queued_bounce("u@local.test"));
  const auto who = senders(history(), {});
  ASSERT_EQ(who.size(), 1u);
  EXPECT_EQ(who[0].bounces_caused, 1u);
  EXPECT_EQ(who[0].evidence.null_sender, 0u);
}

TEST_F(EvidenceTest, ABounceThatWaitsForAStrangerCounts) {
  write("/var/log/exim4/mainlog", refused_mail("forged@innocent.example", "forged@innocent.example"));
  write("/var/spool/exim4/input/1xVjLy-0006zz-2k-H", queued_bounce("forged@innocent.example"));
  const auto who = senders(history(), {});
  ASSERT_EQ(who.size(), 1u);
  EXPECT_EQ(who[0].evidence.null_sender, 1u);
}

TEST_F(EvidenceTest, ADeliveryHereIsTheAddressesThatTheMessageBears) {
  write("/var/log/exim4/mainlog",
        "2026-11-24 05:46:07 1xVjLy-0006zz-2k => u <u@local.test> R=local_user T=mail_spool\n");
  const MailHistory all = history();
  ASSERT_EQ(all.store.messages().size(), 1u);
  EXPECT_EQ(all.store.messages()[0].deliveries[0].address, "u@local.test");
}

TEST_F(EvidenceTest, RotationDoesNotSplitAMessage) {
  write("/var/log/exim4/mainlog.1",
        "2026-11-23 23:59:59 1xVjLy-0006yi-1j <= u@local.test U=u P=local S=900 for a@remote.example\n");
  write("/var/log/exim4/mainlog",
        "2026-11-24 00:00:01 1xVjLy-0006yi-1j => a@remote.example R=r T=t H=mx [192.0.2.9]:25\n");
  const MailHistory all = history();
  ASSERT_EQ(all.store.messages().size(), 1u);
  EXPECT_EQ(all.store.messages()[0].deliveries.size(), 1u);
  EXPECT_EQ(all.files.size(), 2u);
}

TEST_F(EvidenceTest, PhpsOwnLogNamesTheScriptOnce) {
  write("/var/log/exim4/mainlog",
        "2026-11-24 05:46:06 [9] cwd=/home/u/www 3 args: /usr/sbin/sendmail -t -i\n"
        "2026-11-24 05:46:06 [9] 1xVjLy-0006yi-1j <= u@local.test U=u P=local S=9 for a@remote.example\n"
        "2026-11-24 05:46:07 [10] 1xVjLy-0006yi-1j => a@remote.example R=r T=t H=mx [192.0.2.9]:25\n");
  write("/home/u/.php/php-mail.log",
        "[24-Nov-2026 05:46:05 UTC] mail() on [/home/u/www/x.php:7]: To: a@remote.example -- Headers: "
        " -- Subject: s\n"
        "[24-Nov-2026 05:50:05 UTC] mail() on [/home/u/www/x.php:7]: To: b@remote.example -- Headers: "
        " -- Subject: s\n");
  const auto who = senders(history(), {});
  ASSERT_EQ(who.size(), 1u);
  EXPECT_EQ(who[0].script, "/home/u/www/x.php");
  EXPECT_EQ(who[0].attribution, Attribution::kPhpMailLog);
  EXPECT_EQ(who[0].evidence.messages, 2u) << "one known to both logs, one to PHP's alone";
}

TEST_F(EvidenceTest, AGuessedScriptCountsOnlyIfItIsAFile) {
  write("/var/spool/exim4/input/1xVjLy-0006yi-1j-H",
        "1xVjLy-0006yi-1j-H\nu 1001 1001\n<u@local.test>\n1763962000 0\n-local\nXX\n1\n"
        "a@remote.example\n\n041  X-PHP-Originating-Script: 1001:form.php \n");
  write("/var/log/exim4/mainlog",
        "2026-11-24 05:46:06 cwd=/home/u/www 3 args: /usr/sbin/sendmail -t -i\n"
        "2026-11-24 05:46:06 1xVjLy-0006yi-1j <= u@local.test U=u P=local S=9 for a@remote.example\n");
  const MailHistory all = history();
  const auto known = senders(all, owned_by(1001));
  ASSERT_EQ(known.size(), 1u);
  EXPECT_EQ(known[0].script, "/home/u/www/form.php");
  EXPECT_EQ(known[0].attribution, Attribution::kCwdAndScript);
  const auto unknown = senders(all, {.owner_of = [](const std::string&) { return std::nullopt; }});
  EXPECT_EQ(unknown[0].attribution, Attribution::kDirectory);
  EXPECT_FALSE(unknown[0].script);
  EXPECT_EQ(unknown[0].directory, "/home/u/www");
}

TEST_F(EvidenceTest, TellsWhatCouldNotBeRead) {
  EvidenceInput input{.root = root_.string(), .mail_logs = {"/var/log/none"}, .queue = "/no/queue"};
  const auto all = read_history(input);
  ASSERT_TRUE(all.has_value());
  ASSERT_EQ(all->errors.size(), 2u);
  EXPECT_EQ(all->errors[0].path, "/var/log/none");
  EXPECT_EQ(all->errors[1].stage, Stage::kQueue);
}

TEST_F(EvidenceTest, MasksTheLocalPart) {
  EXPECT_EQ(mask_address("someone@example.com"), "s…@example.com");
  EXPECT_EQ(mask_address("no address"), "no address");
  EXPECT_EQ(mask_address("\x1b[31m@example.com"), "\\x1b…@example.com");
}

constexpr std::string_view kOneMessage =
    "2026-11-24 05:46:06 [9] cwd=/home/u/www 3 args: /usr/sbin/sendmail -t -i\n"
    "2026-11-24 05:46:06 [9] 1xVjLy-0006yi-1j <= u@local.test U=u P=local S=9 for a@remote.example\n"
    "2026-11-24 05:46:07 [10] 1xVjLy-0006yi-1j => a@remote.example R=r T=t H=mx [192.0.2.9]:25\n"
    "2026-11-24 05:59:07 [11] 1xVjLy-0006yj-1j <= u@local.test U=u P=local S=9 for u@local.test\n";

TEST_F(EvidenceTest, ALogEntryThatNamesAnotherAccountsScriptIsNotBelieved) {
  write("/var/log/exim4/mainlog", kOneMessage);
  write("/var/log/php-mail.log",
        "[24-Nov-2026 05:46:05 UTC] mail() on [/home/victim/www/form.php:1]: To: a@remote.example -- "
        "Headers:  -- Subject: s\n");
  const MailHistory all = history();
  const auto injected = senders(all, owned_by(1002));
  for (const Sender& sender : injected) {
    EXPECT_NE(sender.script, "/home/victim/www/form.php");
    EXPECT_NE(sender.attribution, Attribution::kPhpMailLog);
  }
  EXPECT_EQ(senders(all, owned_by(1001))[0].script, "/home/victim/www/form.php")
      << "the same entry, where the file is the submitter's own";
}

TEST_F(EvidenceTest, AnEntryThatNoMessageAnswersIsNotCounted) {
  write("/var/log/exim4/mainlog", kOneMessage);
  write("/var/log/php-mail.log",
        "[24-Nov-2026 05:50:05 UTC] mail() on [/home/victim/www/form.php:1]: To: other@remote.example "
        "-- Headers:  -- Subject: injected\n");
  for (const Sender& sender : senders(history(), {}))
    EXPECT_NE(sender.script, "/home/victim/www/form.php");
}

TEST_F(EvidenceTest, AReplyOfAVacationProgramIsTheMailServersNotTheAccounts) {
  write("/var/log/mail.log",
        "Nov 24 05:46:06 host postfix/smtpd[1]: 8016114A06B: client=spam[198.51.100.7]\n"
        "Nov 24 05:46:06 host postfix/qmgr[2]: 8016114A06B: from=<forged@innocent.example>, size=3, "
        "nrcpt=1 (queue active)\n"
        "Nov 24 05:46:06 host postfix/pickup[3]: 9016114A06C: uid=1001 from=<u>\n"
        "Nov 24 05:46:06 host postfix/qmgr[2]: 9016114A06C: from=<>, size=3, nrcpt=1 (queue active)\n"
        "Nov 24 05:46:06 host postfix/local[4]: 8016114A06B: to=<u@local.test>, relay=local, "
        "delay=0.1, dsn=2.0.0, status=sent (delivered to command: /usr/bin/vacation u)\n"
        "Nov 24 05:46:07 host postfix/smtp[5]: 9016114A06C: to=<forged@innocent.example>, "
        "relay=mx.innocent.example[192.0.2.1]:25, delay=0.3, dsn=2.0.0, status=sent (250 ok)\n");
  const MailHistory all = history();
  const MailActivity activity = summarize(all);
  ASSERT_EQ(activity.backscatter.size(), 1u);
  EXPECT_EQ(activity.backscatter[0].reason, BackscatterReason::kVacation);
  EXPECT_EQ(activity.backscatter[0].sample_parent, "8016114A06B");
  EXPECT_EQ(activity.null_sender_out, 1u);
  EXPECT_TRUE(senders(all, {}).empty());
}

TEST_F(EvidenceTest, BouncesOfForgedSendersAreTheScriptsOwn) {
  write("/var/log/mail.log",
        "Nov 24 05:46:06 host postfix/pickup[3]: 9016114A06C: uid=1001 from=<forged@innocent.example>\n"
        "Nov 24 05:46:06 host postfix/qmgr[2]: 9016114A06C: from=<forged@innocent.example>, size=3, "
        "nrcpt=1 (queue active)\n"
        "Nov 24 05:46:07 host postfix/smtp[5]: 9016114A06C: to=<gone@remote.example>, "
        "relay=mx.remote.example[192.0.2.1]:25, delay=0.3, dsn=5.1.1, status=bounced (550 no)\n"
        "Nov 24 05:46:07 host postfix/bounce[6]: 9016114A06C: sender non-delivery notification: "
        "A016114A06D\n"
        "Nov 24 05:46:07 host postfix/qmgr[2]: A016114A06D: from=<>, size=3, nrcpt=1 (queue active)\n"
        "Nov 24 05:46:08 host postfix/smtp[5]: A016114A06D: to=<forged@innocent.example>, "
        "relay=mx.innocent.example[192.0.2.2]:25, delay=0.3, dsn=2.0.0, status=sent (250 ok)\n");
  const MailHistory all = history();
  const auto who = senders(all, {}, all.store.messages()[0].time + 1h);
  ASSERT_EQ(who.size(), 1u);
  EXPECT_EQ(who[0].bounces_caused, 1u);
  EXPECT_EQ(who[0].evidence.null_sender, 1u);
  EXPECT_EQ(who[0].evidence.since_listing, 0u);
  const MailActivity activity = summarize(all);
  EXPECT_TRUE(activity.backscatter.empty()) << "not the mail server's doing";
  EXPECT_EQ(activity.null_sender_out, 1u);
}

TEST_F(EvidenceTest, ReadsNothingWhereToldTo) {
  write("/var/log/exim4/mainlog", kOneMessage);
  write("/home/u/.php/php-mail.log", "x\n");
  const auto off = read_history({.root = root_.string(), .mail_logs = {"off"},
                                 .php_mail_logs = {"off"}, .queue = "off"});
  EXPECT_TRUE(off->files.empty());
  const auto found = read_history({.root = root_.string(), .mail_logs = {"auto"},
                                   .php_mail_logs = {"off"}, .queue = "off"});
  EXPECT_EQ(found->files.size(), 1u);
}

TEST_F(EvidenceTest, MasksEveryAddressOfAText) {
  EXPECT_EQ(mask_addresses("to <someone@example.com>: \x1b no"),
            "to <s…@example.com>: \\x1b no");
}

}  // namespace
}  // namespace backscan::mail

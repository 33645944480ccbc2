// Lines in the shapes that Exim 4.96, Postfix 3.7, Sendmail 8.17 and PHP 8.2 write, example domains.
#include "mail/log.h"

#include <gtest/gtest.h>

namespace backscan::mail {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25}};

template <typename Reader>
LogPart read(std::initializer_list<std::string_view> lines) {
  LogPart part;
  Zone zone{0s};
  Reader reader(part, zone, kNow);
  for (const std::string_view line : lines)
    if (!reader.take(line)) ++part.unknown_lines;
  return part;
}

TEST(EximLog, JoinsTheDirectoryOfASubmissionByPid) {
  const LogPart part = read<EximLog>({
      "2026-11-24 05:46:06.525 [26828] cwd=/home/user1/public_html/my images 3 args: "
      "/usr/sbin/sendmail -t -i -fspam@forged.example",
      "2026-11-24 05:46:06.530 [26900] cwd=/var/spool/exim4 3 args: /usr/sbin/exim4 -Mc "
      "1xVjLy-0006yi-1j",
      "2026-11-24 05:46:06.562 [26828] 1xVjLy-0006yi-1j <= user1@host.example.test U=user1 P=local "
      "S=429 T=\"Cheap \\\" U=root pills\" from <user1@host.example.test> for a@remote.example "
      "b@remote.example",
      "2026-11-24 05:46:17.536 [28338] 1xVjLy-0006yi-1j => a@remote.example F=<x> R=remote T=rsmtp "
      "S=432 H=mx.remote.example [192.0.2.1]:25 C=\"250 ok\"",
      "2026-11-24 05:46:17.912 [28338] 1xVjLy-0006yi-1j ** b@remote.example R=remote T=rsmtp "
      "H=mx.remote.example [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<b>: 550 "
      "blocked using ips.backscatterer.org; see",
      "2026-11-24 05:46:18.000 [28338] 1xVjLy-0006yi-1j Completed",
  });
  ASSERT_EQ(part.store.messages().size(), 1u);
  const Message& message = part.store.messages()[0];
  EXPECT_EQ(message.arrival, Arrival::kLocal);
  EXPECT_EQ(message.user, "user1");
  EXPECT_EQ(message.directory, "/home/user1/public_html/my images");
  EXPECT_EQ(message.claimed_sender, "spam@forged.example");
  EXPECT_EQ(message.recipients, 2u);
  EXPECT_TRUE(message.is_done);
  ASSERT_EQ(message.deliveries.size(), 2u);
  EXPECT_TRUE(message.deliveries[0].is_remote);
  EXPECT_EQ(message.deliveries[1].status, DeliveryStatus::kFailed);
  ASSERT_TRUE(part.rejections.contains("ips.backscatterer.org"));
  EXPECT_EQ(part.rejections.at("ips.backscatterer.org").count, 1u);
}

TEST(EximLog, WithoutPidsTheLineBeforeCountsForAMoment) {
  const LogPart part = read<EximLog>({
      "2026-11-24 05:46:06 cwd=/home/u/www 3 args: /usr/sbin/sendmail -t -i",
      "2026-11-24 05:46:06 1vlP0e-00000003wS2-0OMp <= u@host.example U=u P=local S=4",
      "2026-11-24 05:46:06 1vlP0f-00000003wS2-0OMp <= u@host.example U=u P=local S=4",
  });
  ASSERT_EQ(part.store.messages().size(), 2u);
  EXPECT_EQ(part.store.messages()[0].directory, "/home/u/www");
  EXPECT_EQ(part.store.messages()[1].directory, "");
}

TEST(EximLog, KnowsABounceAndItsRemoteParent) {
  const LogPart part = read<EximLog>({
      "2026-11-24 05:46:06 1xVjLy-0006yi-1j <= forged@innocent.example H=(spam) [198.51.100.7]:4242 "
      "P=esmtp S=900",
      "2026-11-24 05:46:06 1xVjLy-0006yi-1j ** nobody@local.test: Unrouteable address",
      "2026-11-24 05:46:06 cwd=/var/spool/exim4 7 args: /usr/sbin/exim4 -t -oem -oi -f <> "
      "-E1xVjLy-0006yi-1j",
      "2026-11-24 05:46:06 1xVjLy-0006zz-2k <= <> R=1xVjLy-0006yi-1j U=Debian-exim P=local S=2000 "
      "T=\"Mail delivery failed: returning message to sender\" for forged@innocent.example",
      "2026-11-24 05:46:07 1xVjLy-0006zz-2k ** forged@innocent.example R=remote T=rsmtp "
      "H=mx [192.0.2.9]: 550 no such user",
      "2026-11-24 05:46:07 1xVjLy-0006zz-2k Frozen (delivery error message)",
  });
  const Message* parent = part.store.find("1xVjLy-0006yi-1j");
  const Message* bounce = part.store.find("1xVjLy-0006zz-2k");
  ASSERT_TRUE(parent != nullptr && bounce != nullptr);
  EXPECT_EQ(parent->arrival, Arrival::kRemote);
  EXPECT_EQ(parent->client, "198.51.100.7");
  EXPECT_EQ(bounce->arrival, Arrival::kGenerated);
  EXPECT_EQ(bounce->null_kind, NullKind::kBounce);
  EXPECT_EQ(bounce->parent, "1xVjLy-0006yi-1j");
  EXPECT_TRUE(bounce->is_null_sender && bounce->is_frozen);
}

TEST(EximLog, OnlyAServersAnswerProvesACallout) {
  const LogPart part = read<EximLog>({
      "2026-11-24 05:46:06 H=(mx) [198.51.100.7] sender verify fail for <ghost@innocent.example>: "
      "mx [192.0.2.9] : SMTP error from remote mail server after RCPT TO:<ghost@innocent.example>: "
      "550 no",
      "2026-11-24 05:46:06 H=(mx) [198.51.100.7] sender verify fail for <x@nowhere.example>: "
      "Unrouteable address",
  });
  ASSERT_EQ(part.callouts.size(), 1u);
  EXPECT_EQ(part.callouts[0].address, "ghost@innocent.example");
}

TEST(EximLog, ASubjectCannotForgeFields) {
  const LogPart part = read<EximLog>({
      "2026-11-24 05:46:06 1xVjLy-0006yi-1j <= u@host.example U=u P=local S=4 "
      "T=\"x H=fake [203.0.113.5] A=login:root R=1xVjLy-0006yi-9z U=root\" for a@b.example",
  });
  const Message& message = part.store.messages()[0];
  EXPECT_EQ(message.arrival, Arrival::kLocal);
  EXPECT_EQ(message.user, "u");
  EXPECT_EQ(message.parent, "");
}

TEST(EximLog, TheWordForInASubjectNamesNoRecipients) {
  const LogPart part = read<EximLog>({
      "2026-11-24 05:46:06 1xVjLy-0006yi-1j <= u@host.example U=u P=local S=4 T=\"news for all of you\"",
      "2026-11-24 05:46:06 1xVjLz-0006yi-1j <= u@host.example U=u P=local S=4 T=\"news for you\" from "
      "<u@host.example> for a@b.example c@d.example",
  });
  EXPECT_EQ(part.store.messages()[0].recipients, 0u);
  EXPECT_EQ(part.store.messages()[1].recipients, 2u);
}

TEST(SyslogMail, PostfixFromPickupToBounce) {
  const LogPart part = read<SyslogMail>({
      "Nov 24 05:46:06 host postfix/pickup[29793]: 8016114A06B: uid=1001 from=<user1>",
      "Nov 24 05:46:06 host postfix/cleanup[29808]: 8016114A06B: warning: header "
      "X-PHP-Originating-Script: 1001:x.php from local; from=<user1@host.example>",
      "Nov 24 05:46:06 host postfix/cleanup[29808]: 8016114A06B: warning: header X-PHP-Script: "
      "forged.example/y.php from local; from=<user1@host.example>",
      "Nov 24 05:46:06 host postfix/qmgr[29794]: 8016114A06B: from=<user1@host.example.test>, "
      "size=343, nrcpt=1 (queue active)",
      "2026-11-24T05:46:07.100+00:00 host postfix/smtp[29818]: 8016114A06B: "
      "to=<nouser@remote.example>, relay=mx.remote.example[192.0.2.1]:25, delay=0.36, dsn=5.1.1, "
      "status=bounced (host said: 550 5.1.1 no such user (in reply to RCPT TO command))",
      "Nov 24 05:46:07 host postfix/bounce[29825]: 8016114A06B: sender non-delivery notification: "
      "C46C014A06C",
      "Nov 24 05:46:07 host postfix/qmgr[29794]: C46C014A06C: from=<>, size=2400, nrcpt=1 (queue active)",
      "Nov 24 05:46:07 host postfix/qmgr[29794]: 8016114A06B: removed",
  });
  const Message* message = part.store.find("8016114A06B");
  const Message* bounce = part.store.find("C46C014A06C");
  ASSERT_TRUE(message != nullptr && bounce != nullptr);
  EXPECT_EQ(message->uid, 1001u);
  EXPECT_EQ(message->script, "1001:x.php");
  EXPECT_EQ(message->sender, "user1@host.example.test");
  ASSERT_EQ(message->deliveries.size(), 1u);
  EXPECT_TRUE(message->deliveries[0].is_remote);
  EXPECT_EQ(bounce->parent, "8016114A06B");
  EXPECT_EQ(bounce->null_kind, NullKind::kBounce);
  EXPECT_TRUE(bounce->is_null_sender);
}

TEST(SyslogMail, AShortPostfixIdIsReusedAfterItsLifetime) {
  const LogPart part = read<SyslogMail>({
      "Nov  4 05:46:06 host postfix/pickup[1]: 8016114A06B: uid=1001 from=<a>",
      "Nov  4 05:46:07 host postfix/qmgr[1]: 8016114A06B: removed",
      "Nov 20 05:46:06 host postfix/pickup[1]: 8016114A06B: uid=1002 from=<b>",
  });
  ASSERT_EQ(part.store.messages().size(), 2u);
  EXPECT_EQ(part.store.messages()[0].uid, 1001u);
  EXPECT_EQ(part.store.messages()[1].uid, 1002u);
}

TEST(SyslogMail, SendmailNamesTheAccount) {
  const LogPart part = read<SyslogMail>({
      "Nov 24 05:46:06 host sendmail[10846]: 6AO63MSg010846: from=user1@host.example.test, size=77, "
      "class=0, nrcpts=1, msgid=<x@host>, relay=root@localhost",
      "Nov 24 05:46:07 host sendmail[10941]: 6AO63MSg010846: to=nouser@remote.example, "
      "ctladdr=user1@host.example.test (1001/1001), delay=00:00:01, mailer=esmtp, "
      "relay=mx.remote.example. [192.0.2.1], dsn=5.1.1, stat=User unknown",
      "Nov 24 05:46:07 host sendmail[10941]: 6AO63MSg010846: 6AO63OEk010941: DSN: User unknown",
  });
  const Message* message = part.store.find("6AO63MSg010846");
  const Message* bounce = part.store.find("6AO63OEk010941");
  ASSERT_TRUE(message != nullptr && bounce != nullptr);
  EXPECT_EQ(message->uid, 1001u);
  EXPECT_EQ(message->arrival, Arrival::kLocal);
  EXPECT_EQ(bounce->parent, "6AO63MSg010846");
}

TEST(PhpMailLog, ReadsEveryForm) {
  const LogPart part = read<PhpMailLog>({
      "[24-Nov-2026 05:43:17 UTC] mail() on [/srv/php/form.php:2]: To: a@example.test -- Headers: "
      "From: x@example.test  X-Foo: bar -- Subject: Subj one",
      "[24-Nov-2026 05:43:18 UTC] mail() on [/srv/php/form.php(3) : eval()'d code:1]: To: "
      "a@example.test -- Headers:  -- Subject: s",
      "mail() on [/srv/php/old.php:9]: To: a@example.test -- Headers: From: y",
  });
  ASSERT_EQ(part.php_mails.size(), 3u);
  EXPECT_EQ(part.php_mails[0].script, "/srv/php/form.php");
  EXPECT_EQ(part.php_mails[0].line, 2u);
  EXPECT_EQ(part.php_mails[0].subject, "Subj one");
  EXPECT_FALSE(part.php_mails[0].is_eval);
  EXPECT_EQ(part.php_mails[1].script, "/srv/php/form.php");
  EXPECT_TRUE(part.php_mails[1].is_eval);
  EXPECT_EQ(part.php_mails[2].script, "/srv/php/old.php");
}

TEST(PhpMailLog, AFoldedRecipientCannotAddEntries) {
  const LogPart part = read<PhpMailLog>({
      "[24-Nov-2026 05:43:17 UTC] mail() on [/srv/php/form.php:2]: To: a@example.test",
      " [24-Nov-2026 05:43:17 UTC] mail() on [/srv/innocent.php:1]: To: b@example.test -- Headers:  "
      "-- Subject: x",
  });
  ASSERT_EQ(part.php_mails.size(), 1u);
  EXPECT_EQ(part.php_mails[0].script, "/srv/php/form.php");
  EXPECT_EQ(part.unknown_lines, 1u);
}

TEST(PhpMailLog, SyslogLinesCountToo) {
  const LogPart part = read<SyslogMail>({
      "<13>Nov 24 05:43:37 php: mail() on [/srv/php/form.php:2]: To: a@example.test -- Headers:  -- "
      "Subject: s",
  });
  ASSERT_EQ(part.php_mails.size(), 1u);
  EXPECT_EQ(part.php_mails[0].script, "/srv/php/form.php");
}

TEST(Logs, GarbageIsCountedNotFatal) {
  const LogPart exim = read<EximLog>({"", "\xff\xfe", "2026-11-24", "2026-11-24 05:46:06 ",
                                      "2026-11-24 05:46:06 1xVjLy-0006yi-1j",
                                      "2026-11-24 05:46:06 1xVjLy-0006yi-1j <=",
                                      "2026-11-24 05:46:06 [1] cwd=/ args"});
  EXPECT_EQ(exim.unknown_lines, 4u);
  const LogPart syslog = read<SyslogMail>(
      {"Nov 24 05:46:06 host postfix/smtp[1]: 8016114A06B: to=<x", "Nov 24 05:46:06 host x",
       "Nov 24 05:46:06 host postfix/smtp[1]: 8016114A06B: to=<x>, status=", "Nov"});
  EXPECT_EQ(syslog.unknown_lines, 2u);
}

}  // namespace
}  // namespace backscan::mail

// Whole scans of a made host below --root: accounts, logs, queues and settings meet the findings.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cli_fixture.h"

namespace backscan::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

class ScanEvidence : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    set_environment("TZ", "UTC");
    write("host/etc/passwd",
          "u:x:1001:1001::/home/u:/bin/sh\nv:x:1002:1002::/home/v:/bin/sh\n");
    write("host/etc/apache2/apache2.conf",
          "<VirtualHost *:80>\nServerName u.example\nDocumentRoot /home/u/www\n</VirtualHost>\n"
          "<VirtualHost *:80>\nServerName v.example\nDocumentRoot /home/v/www\n</VirtualHost>\n");
    write("host/home/u/www/mailer.php", "<?php // inert_marker_high\n");
    write("host/home/v/www/clean.php", "<?php\n");
  }

  /// A message of u's, submitted in `directory`; `n` makes ids and minutes differ.
  static std::string message(int n, const std::string& user, const std::string& directory) {
    const std::string id = fmt_id(n);
    const std::string stamp = "2026-11-24 05:" + two(n % 60) + ":06 ";
    const std::string pid = "[" + std::to_string(100 + n) + "] ";
    return stamp + pid + "cwd=" + directory + " 3 args: /usr/sbin/sendmail -t -i\n" + stamp + pid +
           id + " <= " + user + "@host.example U=" + user + " P=local S=9 for r" +
           std::to_string(n) + "@remote.example\n" + stamp + "[9] " + id + " => r" +
           std::to_string(n) + "@remote.example R=r T=t H=mx [192.0.2.9]:25 C=\"250 ok\"\n";
  }
  static std::string two(int n) { return (n < 10 ? "0" : "") + std::to_string(n); }
  static std::string fmt_id(int n) { return "1xVj" + two(n) + "-0006yi-1j"; }

  Json scan_json(std::vector<std::string> more) {
    more.insert(more.end(), {"-f", "json"});
    last_ = scan(more);
    return Json::parse(last_.out);
  }
  std::string host(const std::string& name) { return path("host" + name); }

  Outcome last_;
};

TEST_F(ScanEvidence, ScansTheDocumentRootsOfAllAccountsAndNamesThem) {
  const Json result = scan_json({"--accounts"});
  EXPECT_EQ(result["scan"]["roots"], Json({host("/home/u/www"), host("/home/v/www")}));
  ASSERT_EQ(result["findings"].size(), 1u);
  EXPECT_EQ(result["findings"][0]["account"], "u");
  EXPECT_EQ(result["findings"][0]["domain"], "u.example");
  EXPECT_TRUE(result["findings"][0]["evidence"].is_null()) << "no log was there";
  EXPECT_TRUE(result["mail"].is_null());
}

TEST_F(ScanEvidence, FailsWhereNoAccountHasADocumentRoot) {
  const Outcome outcome = run({"scan", "--accounts", "--offline", "--root", path("rules")});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--accounts: no document root"));
}

TEST_F(ScanEvidence, TellsWhatAScriptSentAndSinceWhen) {
  std::string log;
  for (int n = 1; n <= 5; ++n) log += message(n, "u", "/home/u/www");
  write("host/var/log/exim4/mainlog", log);
  const Json result = scan_json({"--accounts", "--seen", "2026-11-24T05:05:00Z"});
  const Json& evidence = result["findings"][0]["evidence"];
  EXPECT_EQ(evidence["messages"], 5);
  EXPECT_EQ(evidence["recipients"], 5);
  EXPECT_EQ(evidence["null_sender"], 0);
  EXPECT_EQ(evidence["first"], "2026-11-24T05:01:06Z");
  EXPECT_EQ(evidence["last"], "2026-11-24T05:05:06Z");
  EXPECT_EQ(evidence["since_listing"], 3) << "05:03, 05:04 and 05:05";
  ASSERT_EQ(result["senders"].size(), 1u);
  EXPECT_EQ(result["senders"][0]["directory"], "/home/u/www");
  EXPECT_EQ(result["senders"][0]["account"], "u");
  EXPECT_EQ(result["mail"]["messages"], 5);
  EXPECT_THAT(result["findings"][0]["rank_reasons"].dump(), HasSubstr("sent 5 messages"));
}

TEST_F(ScanEvidence, WhatSendsWithoutARuleIsAFinding) {
  write("host/home/v/www/odd.php", "<?php\n");
  std::string log;
  std::string php;
  for (int n = 1; n <= 25; ++n) {
    log += message(n, "v", "/home/v/www");
    php += "[24-Nov-2026 05:" + two(n) + ":05 UTC] mail() on [/home/v/www/odd.php:3]: To: r" +
           std::to_string(n) + "@remote.example -- Headers:  -- Subject: s\n";
  }
  write("host/var/log/exim4/mainlog", log);
  write("host/var/log/php-mail.log", php);
  const Json result = scan_json({"--accounts"});
  ASSERT_EQ(result["findings"].size(), 2u);
  const Json& found = result["findings"][1];
  EXPECT_EQ(found["rule"], "evidence/unexplained-sender");
  EXPECT_EQ(found["path"], host("/home/v/www/odd.php"));
  EXPECT_EQ(found["severity"], "low") << "volume alone is a newsletter's";
  EXPECT_EQ(found["evidence"]["messages"], 25);
  EXPECT_EQ(found["account"], "v");
  EXPECT_EQ(result["senders"][0]["attribution"], "php-mail-log");
  EXPECT_EQ(result["summary"]["findings"]["total"], 2) << "it is counted like any other";

  const std::string ignore = write("ignore.yaml",
      "ignore:\n  - rule: evidence/unexplained-sender\n    path: \"odd.php\"\n    reason: ours\n");
  EXPECT_EQ(scan_json({"--accounts", "--ignore", ignore})["findings"].size(), 1u);
}

TEST_F(ScanEvidence, ASenderOutsideOfWhatWasScannedIsNoFinding) {
  std::string log;
  for (int n = 1; n <= 25; ++n) log += message(n, "v", "/home/v/www");
  write("host/var/log/exim4/mainlog", log);
  const Json result = scan_json({host("/home/u/www")});
  EXPECT_EQ(result["findings"].size(), 1u);
  EXPECT_EQ(result["findings"][0]["evidence"]["messages"], 0) << "logs were looked at";
  EXPECT_EQ(result["senders"].size(), 1u);
}

TEST_F(ScanEvidence, NamesTheMailServerWhereItAnswersStrangers) {
  write("host/var/log/exim4/mainlog",
        "2026-11-24 05:46:06 1xVjLy-0006yi-1j <= forged@innocent.example H=(spam) "
        "[198.51.100.7]:4242 P=esmtp S=900\n"
        "2026-11-24 05:46:06 1xVjLy-0006yi-1j ** nobody@local.test: Unrouteable address\n"
        "2026-11-24 05:46:06 1xVjLy-0006zz-2k <= <> R=1xVjLy-0006yi-1j U=Debian-exim P=local S=2 "
        "T=\"Mail delivery failed: returning message to sender\" for forged@innocent.example\n"
        "2026-11-24 05:46:07 1xVjLy-0006zz-2k => forged@innocent.example R=remote T=rsmtp H=mx "
        "[192.0.2.9]:25 C=\"250 ok\"\n");
  const Json result = scan_json({host("/home/v/www")});
  ASSERT_EQ(result["summary"]["likely_causes"].size(), 1u);
  const Json& cause = result["summary"]["likely_causes"][0];
  EXPECT_EQ(cause["kind"], "mail-server");
  EXPECT_EQ(cause["subject"], "unknown-user");
  EXPECT_EQ(cause["evidence"]["null_sender"], 1);
  EXPECT_EQ(result["mail"]["backscatter"][0]["sample_recipient"], "f…@innocent.example");
  EXPECT_EQ(last_.code, 0) << "the mail server is no finding in the files";
}

TEST_F(ScanEvidence, ANamedLogThatIsMissingMakesTheScanIncomplete) {
  const Json result = scan_json({host("/home/v/www"), "--mail-log", "/var/log/none"});
  EXPECT_EQ(last_.code, 2);
  EXPECT_EQ(result["errors"][0]["stage"], "log");
  EXPECT_THAT(result["summary"]["incomplete_reasons"].dump(), HasSubstr("mail logs: 1 failure"));
}

TEST_F(ScanEvidence, LooksAtNoLogWhereToldNotTo) {
  write("host/var/log/exim4/mainlog", message(1, "u", "/home/u/www"));
  const Json result = scan_json({"--accounts", "--mail-log", "off", "--php-mail-log", "off",
                                 "--queue", "off"});
  EXPECT_TRUE(result["mail"].is_null());
  EXPECT_TRUE(result["findings"][0]["evidence"].is_null());
}

TEST_F(ScanEvidence, TellsTheHostsBadSettings) {
  write("host/etc/postfix/main.cf", "local_recipient_maps =\n");
  const Json result = scan_json({host("/home/v/www")});
  ASSERT_EQ(result["audit"].size(), 1u);
  EXPECT_EQ(result["audit"][0]["setting"], "local_recipient_maps");
}

TEST_F(ScanEvidence, ResultsReadBackAreTheSame) {
  std::string log;
  for (int n = 1; n <= 25; ++n) log += message(n, "v", "/home/v/www");
  write("host/var/log/exim4/mainlog", log);
  for (const char* format : {"json", "jsonl"}) {
    const Outcome first = scan({"--accounts", "-f", format});
    const std::string file = write(std::string("result.") + format, first.out);
    EXPECT_EQ(run({"report", file, "-f", format}).out, first.out);
  }
}

TEST_F(ScanEvidence, TheReportForPeopleNamesSenders) {
  std::string log;
  for (int n = 1; n <= 25; ++n) log += message(n, "u", "/home/u/www");
  write("host/var/log/exim4/mainlog", log);
  const Outcome outcome = scan({"--accounts"});
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("WHO SENT"), HasSubstr("25 messages to 25 recipients"),
                                 HasSubstr("known by: cwd, account u")));
  EXPECT_THAT(outcome.out, HasSubstr("Look first at: " + host("/home/u/www/mailer.php")));
}

}  // namespace
}  // namespace backscan::test

// What an attacker can put into logs and queues: nothing of it may be fatal, unbounded, or be believed
// against what the mail server itself says.
#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "mail/evidence.h"
#include "mail/line_reader.h"
#include "mail/queue.h"

namespace backscan::mail {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class Hostile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "hostile-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  void TearDown() override { fs::remove_all(root_); }
  void write(const std::string& path, std::string_view text) {
    fs::create_directories((root_ / path.substr(1)).parent_path());
    std::ofstream(root_ / path.substr(1), std::ios::binary) << text;
  }
  [[nodiscard]] MailHistory history() const {
    EvidenceInput input{.root = root_.string(), .zone_offset = 0s};
    input.now = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25}};
    return *read_history(input);
  }
  /// Files below /home/u are 1001's, all others 1002's; user "u" is 1001.
  static HostFacts host() {
    return {.owner_of = [](const std::string& path) -> std::optional<std::uint32_t> {
              return path.starts_with("/home/u/") ? 1001 : 1002;
            },
            .uid_of = [](const std::string& user) -> std::optional<std::uint32_t> {
              if (user == "u") return 1001;
              return std::nullopt;
            }};
  }
  /// No sender may be the victim's script.
  static void expect_victim_unnamed(const std::vector<Sender>& senders) {
    for (const Sender& sender : senders) {
      EXPECT_NE(sender.script, "/home/victim/www/form.php");
      EXPECT_NE(sender.directory, "/home/victim/www");
    }
  }
  fs::path root_;
};

constexpr std::string_view kSubmission =
    "2026-11-24 05:46:06 [9] cwd=/home/u/www 3 args: /usr/sbin/sendmail -t -i\n"
    "2026-11-24 05:46:06 [9] 1xVjLy-0006yi-1j <= u@local.test U=u P=local S=9 for a@remote.example\n";

TEST_F(Hostile, AHeaderOfTheScriptsOwnDoesNotNameTheScript) {
  // After From: the script's own headers begin; PHP's stand before it.
  write("/var/spool/exim4/input/1xVjLy-0006yi-1j-H",
        "1xVjLy-0006yi-1j-H\nu 1001 1001\n<u@local.test>\n1763962000 0\n-local\nXX\n1\n"
        "a@remote.example\n\n"
        "023F From: x@remote.example\n"
        "051  X-PHP-Filename: /home/victim/www/form.php REMOTE_A\n");
  write("/var/log/exim4/mainlog", kSubmission);
  expect_victim_unnamed(senders(history(), host()));
}

TEST_F(Hostile, AHeaderInFrontIsNotBelievedAgainstTheUid) {
  const std::string forged = "X-PHP-Filename: /home/victim/www/form.php REMOTE_ADDR: 1.2.3.4\n";
  write("/var/spool/exim4/input/1xVjLy-0006yi-1j-H",
        "1xVjLy-0006yi-1j-H\nu 1001 1001\n<u@local.test>\n1763962000 0\n-local\nXX\n1\n"
        "a@remote.example\n\n0" + std::to_string(forged.size()) + "  " + forged);
  write("/var/log/exim4/mainlog", kSubmission);
  const auto who = senders(history(), host());
  expect_victim_unnamed(who);
  ASSERT_EQ(who.size(), 1u);
  EXPECT_EQ(who[0].directory, "/home/u/www") << "what the mail server saw stays";
}

TEST_F(Hostile, AnOriginatingScriptCannotLeadOutOfItsDirectory) {
  const std::string forged = "X-PHP-Originating-Script: 1001:../../victim/www/form.php\n";
  write("/var/spool/exim4/input/1xVjLy-0006yi-1j-H",
        "1xVjLy-0006yi-1j-H\nu 1001 1001\n<u@local.test>\n1763962000 0\n-local\nXX\n1\n"
        "a@remote.example\n\n0" + std::to_string(forged.size()) + "  " + forged);
  write("/var/log/exim4/mainlog", kSubmission);
  const auto who = senders(history(), host());
  ASSERT_EQ(who.size(), 1u);
  EXPECT_FALSE(who[0].script);
}

TEST_F(Hostile, LinesInjectedIntoPhpsLogNameNobody) {
  // Folded recipients put whole lines there; this attacker knows the recipient and the second.
  write("/var/log/exim4/mainlog", std::string(kSubmission) +
        "2026-11-24 05:46:07 [10] 1xVjLy-0006yi-1j => a@remote.example R=r T=t H=mx [192.0.2.9]:25\n"
        "2026-11-24 05:59:06 [11] 1xVjLz-0006yi-1j <= u@local.test U=u P=local S=9 for u@local.test\n");
  std::string php;
  for (int i = 0; i < 100; ++i)
    php += "[24-Nov-2026 05:46:06 UTC] mail() on [/home/victim/www/form.php:1]: To: a@remote.example "
           "-- Headers:  -- Subject: s\n";
  write("/var/log/php-mail.log", php);
  expect_victim_unnamed(senders(history(), host()));
}

TEST_F(Hostile, ASubjectWithALineOfTheLogDoesNotBecomeOne) {
  write("/var/log/exim4/mainlog",
        "2026-11-24 05:46:06 [9] 1xVjLy-0006yi-1j <= u@local.test U=u P=local S=9 T=\"x\\n2026-11-24 "
        "05:46:06 [9] cwd=/home/victim/www 3 args: /usr/sbin/sendmail -t\" for a@remote.example\n");
  expect_victim_unnamed(senders(history(), host()));
}

TEST_F(Hostile, AHeloThatLooksLikeAnIdOrAnAddressChangesNothing) {
  write("/var/log/exim4/mainlog",
        "2026-11-24 05:46:06 1xVjLy-0006yi-1j <= x@remote.example H=(1xVjLy-0006zz-2k <= <> R=1xVjLy) "
        "[198.51.100.7] P=esmtp S=900 for u@local.test\n");
  const MailHistory all = history();
  ASSERT_EQ(all.store.messages().size(), 1u);
  EXPECT_EQ(all.store.messages()[0].arrival, Arrival::kRemote);
  EXPECT_FALSE(all.store.messages()[0].is_null_sender);
  EXPECT_TRUE(senders(all, host()).empty());
}

TEST_F(Hostile, ALoginNameIsNoLocalSubmission) {
  write("/var/log/mail.log",
        "Nov 24 05:46:06 host postfix/smtpd[1]: 8016114A06B: client=uid=1001 from=<root>[198.51.100.7]\n"
        "Nov 24 05:46:06 host postfix/qmgr[2]: 8016114A06B: from=<x@remote.example>, size=3, nrcpt=1\n");
  const MailHistory all = history();
  for (const Message& message : all.store.messages())
    EXPECT_NE(message.arrival, Arrival::kLocal);
}

TEST_F(Hostile, ALineOfTenMegabytesIsCutAndTheRestIsRead) {
  write("/var/log/exim4/mainlog", "2026-11-24 05:46:05 [9] " + std::string(10 << 20, 'A') + "\n" +
                                      std::string(kSubmission));
  const MailHistory all = history();
  EXPECT_EQ(all.store.messages().size(), 1u);
  ASSERT_EQ(all.errors.size(), 1u);
  EXPECT_TRUE(all.errors[0].is_note);
}

TEST_F(Hostile, AGzipBombEndsWithAnErrorAndTheRestIsRead) {
  write("/var/log/exim4/mainlog", kSubmission);
  const std::string path = root_ / "var/log/exim4/mainlog.2.gz";
  gzFile bomb = gzopen(path.c_str(), "wb9");
  ASSERT_NE(bomb, nullptr);
  const std::string zeros(std::size_t{1} << 20, '\0');
  for (int i = 0; i < 512; ++i) gzwrite(bomb, zeros.data(), static_cast<unsigned>(zeros.size()));
  gzclose(bomb);
  const MailHistory all = history();
  EXPECT_EQ(all.store.messages().size(), 1u);
  ASSERT_FALSE(all.errors.empty());
  EXPECT_EQ(all.errors.front().path, "/var/log/exim4/mainlog.2.gz");
}

TEST_F(Hostile, TheStoreIsBounded) {
  MessageStore store;
  // One message with more recipients than any has, and texts longer than any is.
  Message& message = store.at("1xVjLy-0006yi-1j", Time{1s}, Mta::kExim);
  for (std::size_t i = 0; i < 10'000; ++i)
    store.add_delivery(message, {"r" + std::to_string(i) + "@remote.example", Time{2s}});
  EXPECT_LE(message.deliveries.size(), MessageStore::kMaxDeliveries);
  EXPECT_LE(store.keep(std::string(1 << 20, 'x')).size(), MessageStore::kMaxTextBytes);
}

/// Each byte of a good text changed, dropped or doubled: every outcome is a value.
TEST_F(Hostile, MutatedSpoolFilesAndLinesAreSurvived) {
  const std::string exim =
      "1xVjLy-0006yi-1j-H\nu 1001 1001\n<u@local.test>\n1763962000 0\n-aclm _bar 7\nnot\nsmt\n-local\n"
      "XX\n1\na@remote.example\n\n041  X-PHP-Originating-Script: 1001:form.php \n";
  constexpr char kPostfix[] = "T\x0a" "1763962000" "S\x09" "u@x.test." "M\x00N\x05" "To: a" "X\x00"
                            "R\x05" "a@b.c" "E\x00";
  const std::string postfix(kPostfix, sizeof kPostfix - 1);
  const std::string qf = "V8\nT1763962000\nS<u@local.test>\nRPFD:a@remote.example\nH??To: a\n.\n";
  std::mt19937 random(7);
  for (const std::string& text : {exim, postfix, qf})
    for (std::size_t i = 0; i < text.size(); ++i)
      for (int kind = 0; kind < 3; ++kind) {
        std::string mutated = text;
        if (kind == 0) mutated[i] = static_cast<char>(random());
        if (kind == 1) mutated.erase(i, 1);
        if (kind == 2) mutated.insert(i, 1, mutated[i]);
        MessageStore store;
        (void)parse_exim_spool(mutated, store);
        (void)parse_postfix_queue(mutated, "8016114A06B", store);
        (void)parse_sendmail_qf(mutated, "6AO63MSg010846", store);
        LogPart part;
        Zone zone{0s};
        for (const std::string& line : {mutated, "Nov 24 05:46:06 host postfix/smtp[1]: " + mutated,
                                        "2026-11-24 05:46:06 " + mutated}) {
          (void)EximLog(part, zone, Time{}).take(line);
          (void)SyslogMail(part, zone, Time{}).take(line);
          (void)PhpMailLog(part, zone, Time{}).take(line);
        }
      }
}

}  // namespace
}  // namespace backscan::mail

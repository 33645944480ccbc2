// Exports in the form of systemd's "Journal Export Format", with example domains.
#include "mail/journal_export.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mail/evidence.h"

namespace backscan::mail {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25}};

std::string entry(const std::string& identifier, const std::string& message) {
  return "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1795500000000000\nPRIORITY=6\nSYSLOG_IDENTIFIER=" +
         identifier + "\nMESSAGE=" + message + "\n\n";
}

LogPart read(const std::string& text) {
  UniqueFd fd(::memfd_create("journal", MFD_CLOEXEC));
  EXPECT_EQ(::write(fd.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ::lseek(fd.get(), 0, SEEK_SET);
  auto reader = LineReader::open(std::move(fd), "journal");
  LogPart part;
  read_log(*reader, Zone(0s), kNow, part);
  return part;
}

TEST(JournalExport, ReadsPostfixAndEximEntriesAtTheirTimes) {
  const LogPart part =
      read(entry("postfix/pickup", "8016114A06B: uid=1001 from=<kim>") +
           entry("postfix/qmgr", "8016114A06B: from=<kim@host.example>, size=300, nrcpt=1 (queue active)") +
           entry("exim", "1xVjLy-0006yi-1j <= <> R=1xVjLx-0006yi-1j U=Debian-exim P=local S=900") +
           entry("exim4", "2026-11-24 05:46:06 1xVjLy-0006yi-1k <= u@host.example U=u P=local S=4") +
           entry("sshd", "Accepted publickey"));
  ASSERT_EQ(part.store.messages().size(), 3u);
  EXPECT_EQ(part.store.messages()[0].uid, 1001u);
  EXPECT_EQ(part.store.messages()[0].time, Time{1'795'500'000s});
  EXPECT_EQ(part.store.messages()[1].arrival, Arrival::kGenerated);
  EXPECT_EQ(part.store.messages()[2].user, "u");
  EXPECT_EQ(part.lines, 5u);
  EXPECT_EQ(part.unknown_lines, 1u);
}

std::string proven(const std::string& identifier, const std::string& message,
                   const std::string& fields) {
  return fields + "\n" + entry(identifier, message).substr(std::string("__CURSOR=s=1;i=2\n").size());
}

// SYSLOG_IDENTIFIER is what the client says; _EXE, _UID and _SYSTEMD_UNIT are what journald saw.
TEST(JournalExport, DoesNotBelieveAnEntryThatOnlyNamesTheMailServer) {
  const std::string start = "__CURSOR=s=1;i=2\n";
  const std::string logger = "_UID=2001\n_COMM=logger\n_EXE=/usr/bin/logger\n_SYSTEMD_UNIT=cron.service";
  const std::string own = "_UID=2001\n_COMM=smtp\n_EXE=/home/u/postfix/smtp\n_SYSTEMD_UNIT=cron.service";
  const std::string gone = "_UID=33\n_SYSTEMD_UNIT=apache2.service";
  for (const std::string& fields : {logger, own, gone}) {
    const LogPart part =
        read(start + proven("postfix/pickup", "8016114A06B: uid=1001 from=<kim>", fields) + start +
             proven("exim", "1xVjLy-0006yi-1j <= v@host.example U=victim P=local S=900", fields) + start +
             proven("sendmail", "6AO63MSg010846: from=<v@host.example>, size=1, nrcpts=9", fields));
    EXPECT_EQ(part.store.messages().size(), 0u) << fields;
    EXPECT_EQ(part.forged_lines, 3u) << fields;
    EXPECT_EQ(part.unknown_lines, 3u) << fields;
    EXPECT_NE(part.forger.find(fields.starts_with("_UID=33") ? "33" : "2001"), std::string::npos);
  }
}

TEST(JournalExport, BelievesWhatJournaldSawTheMailServerWrite) {
  const std::string start = "__CURSOR=s=1;i=2\n";
  const LogPart part = read(
      start + proven("postfix/pickup", "8016114A06B: uid=1001 from=<kim>",
                     "_UID=101\n_EXE=/usr/lib/postfix/sbin/pickup\n_SYSTEMD_UNIT=postfix@-.service") +
      start + proven("exim", "1xVjLy-0006yi-1j <= u@host.example U=u P=local S=900",
                     "_UID=33\n_EXE=/usr/sbin/exim4\n_SYSTEMD_UNIT=apache2.service") +
      // Gone before journald could look.
      start + proven("postfix/pickup", "8016114A06C: uid=1002 from=<lee>",
                     "_UID=101\n_SYSTEMD_UNIT=postfix@-.service"));
  EXPECT_EQ(part.store.messages().size(), 3u);
  EXPECT_EQ(part.forged_lines, 0u);
}

TEST(JournalExport, OfABinaryMessageOnlyTheFirstLineIsTheLogs) {
  const std::string message =
      "8016114A06B: uid=1001 from=<kim>\nMESSAGE=8016114A06C: uid=0 from=<root>\n\n__CURSOR=x";
  std::string text = "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795500000000000\nSYSLOG_IDENTIFIER=postfix/pickup\n"
                     "MESSAGE\n";
  for (std::size_t i = 0, left = message.size(); i < 8; ++i, left >>= 8U)
    text += static_cast<char>(left & 0xFFU);
  text += message + "\n\n" + entry("postfix/pickup", "8016114A06D: uid=1002 from=<lee>");
  const LogPart part = read(text);
  ASSERT_EQ(part.store.messages().size(), 2u);
  EXPECT_EQ(part.store.messages()[0].id, "8016114A06B");
  EXPECT_EQ(part.store.messages()[1].uid, 1002u);
}

TEST(JournalExport, SurvivesLengthsThatLie) {
  const std::string head = "__CURSOR=s=1\n__REALTIME_TIMESTAMP=9999999999999999999\nMESSAGE\n";
  EXPECT_EQ(read(head + std::string(8, '\xff') + "x").store.messages().size(), 0u);
  EXPECT_EQ(read(head + "\x05").store.messages().size(), 0u);
  EXPECT_EQ(read(head).store.messages().size(), 0u);
}

}  // namespace
}  // namespace backscan::mail

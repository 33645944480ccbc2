#include "mail/queue.h"

#include <gtest/gtest.h>

namespace backscan::mail {
namespace {

std::string exim_header(std::string_view text) {
  std::string length = std::to_string(text.size());
  while (length.size() < 3) length.insert(0, "0");
  return length + "  " + std::string(text);
}

const std::string kEximSpool =
    "1xVjLy-0006yi-1j-H\nuser1 1001 1001\n<user1@host.example.test>\n1763962000 0\n"
    "-ident user1\n-received_protocol local\n-aclm _bar 9\n-frozen\n5\n-local\n"
    "XX\n2\na@remote.example\nb@remote.example\n\n" +
    exim_header("Received: from user1 by host\n\twith local\n") + exim_header("To: a@remote.example\n") +
    exim_header("Subject: hello\n") + exim_header("X-PHP-Originating-Script: 1001:x.php(3) : eval()'d code\n") +
    exim_header("From: someone@example.org\n") +
    exim_header("X-PHP-Originating-Script: 0:innocent.php\n") +
    exim_header("X-PHP-Filename: /home/other/index.php\n");

TEST(EximSpool, ReadsCallerEnvelopeAndTheFirstPhpHeaderOnly) {
  MessageStore store;
  ASSERT_TRUE(parse_exim_spool(kEximSpool, store).has_value());
  const Message* message = store.find("1xVjLy-0006yi-1j");
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(message->uid, 1001u);
  EXPECT_EQ(message->user, "user1");
  EXPECT_EQ(message->recipients, 2u);
  EXPECT_EQ(message->script, "1001:x.php");
  EXPECT_EQ(message->subject, "hello");
  EXPECT_FALSE(message->is_frozen) << "the words stand inside a variable's value";
}

TEST(EximSpool, KnowsALocalBounce) {
  MessageStore store;
  ASSERT_TRUE(parse_exim_spool("1xVjLy-0006zz-2k-H\nDebian-exim 105 109\n<>\n1763962000 0\n"
                               "-localerror\n-frozen 1763962001\nXX\n1\nv@innocent.example\n\n",
                               store)
                  .has_value());
  const Message* message = store.find("1xVjLy-0006zz-2k");
  EXPECT_EQ(message->arrival, Arrival::kGenerated);
  EXPECT_TRUE(message->is_frozen && message->is_null_sender);
}

TEST(EximSpool, RecipientsThatAreDoneWithWaitNoLonger) {
  MessageStore store;
  ASSERT_TRUE(parse_exim_spool("1xVjLy-0006zz-2k-H\nu 1001 1001\n<u@host.example>\n1763962000 0\n"
                               "-local\nYN b@remote.example\nNN a@remote.example\n3\na@remote.example\n"
                               "b@remote.example\nc@remote.example\n\n",
                               store)
                  .has_value());
  const Message* message = store.find("1xVjLy-0006zz-2k");
  EXPECT_EQ(message->recipients, 3u);
  ASSERT_EQ(message->deliveries.size(), 1u);
  EXPECT_EQ(message->deliveries[0].address, "c@remote.example");
}

TEST(EximSpool, EveryTruncationIsAnErrorOrAPartNeverACrash) {
  for (std::size_t length = 0; length < kEximSpool.size(); ++length) {
    MessageStore store;
    (void)parse_exim_spool(kEximSpool.substr(0, length), store);
  }
  MessageStore store;
  EXPECT_FALSE(parse_exim_spool("x-H\nu 1 1\n<>\n1 0\n-aclm _a 99999999999\nXX\n0\n\n", store));
  EXPECT_FALSE(parse_exim_spool("garbage", store));
}

std::string record(char type, std::string_view data) {
  return std::string(1, type) + static_cast<char>(data.size()) + std::string(data);
}

TEST(PostfixQueue, ReadsRecords) {
  const std::string file =
      record('C', "  300  200") + record('T', "1763962000 5") + record('A', "rewrite_context=local") +
      record('F', "User One") + record('S', "user1@host.example") + record('R', "a@remote.example") +
      record('M', "") + record('N', "Received: by host (Postfix, from userid 1001)") +
      record('N', "\tid 8016114A06B; Mon") + record('N', "To: a@remote.example") +
      record('N', "Subject: hello") + record('N', "X-PHP-Originating-Script: 1001:x.php") +
      record('N', "From: x@example.org") + record('N', "X-PHP-Originating-Script: 0:forged.php") +
      record('N', "") + record('N', "X-PHP-Originating-Script: 0:body.php") + record('X', "") +
      record('E', "");
  MessageStore store;
  ASSERT_TRUE(parse_postfix_queue(file, "8016114A06B", store).has_value());
  const Message* message = store.find("8016114A06B");
  EXPECT_EQ(message->uid, 1001u);
  EXPECT_EQ(message->sender, "user1@host.example");
  EXPECT_EQ(message->script, "1001:x.php");
  EXPECT_EQ(message->arrival, Arrival::kLocal);
  ASSERT_EQ(message->deliveries.size(), 1u);
  for (std::size_t length = 0; length < file.size(); ++length) {
    MessageStore other;
    (void)parse_postfix_queue(std::string_view(file).substr(0, length), "8016114A06B", other);
  }
  EXPECT_FALSE(parse_postfix_queue("N\xff\xff\xff\xff\xff", "8016114A06B", store));
}

TEST(SendmailQueue, ReadsControlFile) {
  MessageStore store;
  ASSERT_TRUE(parse_sendmail_qf("V8\nT1763962000\nN1\nFs\n$_root@localhost\nS<user1@host.example>\n"
                                "Cuser1:1001:1001\nRPFD:<a@remote.example>\n"
                                "H??Received: from host\n\tby host\nH??To: a@remote.example\n"
                                "H??X-PHP-Originating-Script: 1001:x.php\nH??From: x\n.\n",
                                "6AO63MSg010846", store)
                  .has_value());
  const Message* message = store.find("6AO63MSg010846");
  EXPECT_EQ(message->user, "user1");
  EXPECT_EQ(message->script, "1001:x.php");
  ASSERT_EQ(message->deliveries.size(), 1u);
  EXPECT_EQ(message->deliveries[0].address, "a@remote.example");
}

TEST(SendmailQueue, HoldsATimeThatIsFarFromAnyClock) {
  MessageStore store;
  ASSERT_TRUE(parse_sendmail_qf("V8\nT68719476736\nS<a@host.example>\n.\n", "6AO63MSg010846", store));
  EXPECT_GT(store.find("6AO63MSg010846")->time, Time{});
}

}  // namespace
}  // namespace backscan::mail

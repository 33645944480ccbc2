// `notify` as a command, with a sendmail and a web server of the test's own.
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "base/unique_fd.h"
#include "unit/cli/cli_fixture.h"

namespace backscan::test {
namespace {

class NotifyCommand : public CliTest {
 protected:
  std::string scanned() {
    (void)scan({"-f", "jsonl", "-o", path("result.jsonl"), site_});
    return path("result.jsonl");
  }
  Outcome notify(std::vector<std::string> arguments) {
    const std::vector<std::string> own = {"notify", scanned(), "--state", path("notified.json")};
    arguments.insert(arguments.begin(), own.begin(), own.end());
    return run(arguments);
  }
  /// A program that keeps its arguments and its standard input, and exits with `code`.
  std::string made_sendmail(int code) {
    const std::string file =
        write("sendmail", "#!/bin/sh\nprintf '%s\\n' \"$@\" > '" + path("arguments") + "'\ncat > '" +
                              path("message") + "'\nexit " + std::to_string(code) + "\n");
    ::chmod(file.c_str(), 0755);
    return file;
  }
};

TEST_F(NotifyCommand, MailsWhatIsNewOnce) {
  const std::vector<std::string> mail = {"--sendmail",  made_sendmail(0),       "--mail-to",
                                         "admin@example.com", "--mail-from", "backscan@example.com"};
  ASSERT_EQ(notify(mail).code, 0);
  EXPECT_EQ(read(path("arguments")), "-i\n-f\nbackscan@example.com\n--\nadmin@example.com\n");
  EXPECT_NE(read(path("message")).find("mailer.php"), std::string::npos);
  std::filesystem::remove(path("message"));
  const Outcome again = notify(mail);
  EXPECT_EQ(again.out, "nothing new\n");
  EXPECT_FALSE(std::filesystem::exists(path("message")));
  write("site/second.php", "<?php // inert_marker_high\n");
  ASSERT_EQ(notify(mail).code, 0);
  const std::string message = read(path("message"));
  EXPECT_NE(message.find("second.php"), std::string::npos);
  EXPECT_NE(message.find(": 1 new finding\n"), std::string::npos) << "the other was told before";
}

TEST_F(NotifyCommand, WhatSendmailDidNotTakeStaysNew) {
  const std::vector<std::string> mail = {"--sendmail",  made_sendmail(75),      "--mail-to",
                                         "admin@example.com", "--mail-from", "backscan@example.com"};
  EXPECT_EQ(notify(mail).code, 2);
  EXPECT_FALSE(std::filesystem::exists(path("notified.json")));
}

TEST_F(NotifyCommand, MailNeedsASenderThatFailuresComeBackTo) {
  EXPECT_EQ(notify({"--mail-to", "admin@example.com"}).code, 2);
  EXPECT_EQ(notify({"--mail-to", "admin@example.com", "--mail-from", "<>"}).code, 2);
}

TEST_F(NotifyCommand, ADryRunSendsAndRemembersNothing) {
  const Outcome outcome = notify({"--dry-run"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_NE(outcome.out.find("1 new finding"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path("notified.json")));
}

/// One request's text; the answer is `status`.
std::string serve_once(int listening, const std::string& status) {
  const UniqueFd connection(::accept(listening, nullptr, nullptr));
  std::string request;
  char block[4096];
  while (request.find("\"complete\":") == std::string::npos) {
    const ssize_t got = ::read(connection.get(), block, sizeof block);
    if (got <= 0) break;
    request.append(block, static_cast<std::size_t>(got));
  }
  const std::string answer = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  (void)!::write(connection.get(), answer.data(), answer.size());
  return request;
}

TEST_F(NotifyCommand, PostsJsonToAWebhook) {
  const UniqueFd listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listening.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listening.get(), 1), 0);
  ASSERT_EQ(::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/hook";
  set_environment("no_proxy", "127.0.0.1");
  for (const auto& [status, code] : {std::pair{"500 No", 2}, std::pair{"204 Yes", 0}}) {
    std::string request;
    std::thread server([&, answer = std::string(status)] { request = serve_once(listening.get(), answer); });
    const Outcome outcome = notify({"--webhook", url});
    if (outcome.err.find("without libcurl") != std::string::npos) {
      const UniqueFd end(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      (void)::connect(end.get(), reinterpret_cast<sockaddr*>(&address), size);
      ::shutdown(end.get(), SHUT_RDWR);
      server.join();
      GTEST_SKIP() << "built without libcurl";
    }
    server.join();
    EXPECT_EQ(outcome.code, code) << outcome.err;
    EXPECT_TRUE(request.starts_with("POST /hook ")) << request;
    EXPECT_NE(request.find("Content-Type: application/json"), std::string::npos);
    EXPECT_NE(request.find("mailer.php"), std::string::npos);
  }
}

TEST_F(NotifyCommand, AsksNoOtherProtocol) {
  EXPECT_EQ(notify({"--webhook", "file:///etc/passwd"}).code, 2);
}

}  // namespace
}  // namespace backscan::test

// What only a process of its own shows: signals and closed pipes.
#include <gmock/gmock.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/unique_fd.h"
#include "cli_fixture.h"

namespace backscan::test {
namespace {

using Clock = std::chrono::steady_clock;

class Process : public CliTest {
 protected:
  /// Starts the real program with standard output and error in files, or output in `out_fd`.
  pid_t start(const std::vector<std::string>& arguments, int out_fd = -1) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    const int out = out_fd >= 0 ? out_fd : ::open(path("out").c_str(), O_CREAT | O_WRONLY, 0600);
    const int err = ::open(path("err").c_str(), O_CREAT | O_WRONLY, 0600);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    std::vector<char*> argv = {const_cast<char*>(BACKSCAN_BINARY)};
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  static int wait_for(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
};

TEST_F(Process, InterruptedWritesWhatItHasAndExitsTwo) {
  // A name server that never answers keeps the run alive; the signal must end the wait.
  const UniqueFd silent(::socket(AF_INET, SOCK_DGRAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(silent.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  socklen_t length = sizeof address;
  ASSERT_EQ(::getsockname(silent.get(), reinterpret_cast<sockaddr*>(&address), &length), 0);
  const std::string server = "127.0.0.1:" + std::to_string(::ntohs(address.sin_port));
  const pid_t child = start({"scan", site_, "--no-default-rules", "--rules", rules_, "--ip",
                             "192.0.2.25", "--nameserver", server, "-f", "json"});
  // The first question says that the run is in its waiting phase.
  char question = 0;
  ASSERT_GE(::recv(silent.get(), &question, 1, 0), 0);
  const Clock::time_point asked = Clock::now();
  ::kill(child, SIGTERM);
  EXPECT_EQ(wait_for(child), 2);
  EXPECT_LT(Clock::now() - asked, std::chrono::seconds{3});
  const auto document = nlohmann::json::parse(read(path("out")));
  EXPECT_EQ(document["summary"]["complete"], false);
  EXPECT_THAT(document["summary"]["incomplete_reasons"].dump(), testing::HasSubstr("interrupted"));
}

TEST_F(Process, ToldOfAClosedPipeFailsInsteadOfDyingSilently) {
  int ends[2] = {};
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ::close(ends[0]);
  const pid_t child =
      start({"scan", site_, "--offline", "--no-default-rules", "--rules", rules_}, ends[1]);
  ::close(ends[1]);
  EXPECT_EQ(wait_for(child), 2);
  EXPECT_EQ(read(path("err")), "backscan: standard output: Broken pipe\n");
}

}  // namespace
}  // namespace backscan::test

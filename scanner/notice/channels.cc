// sendmail and syslog; libcurl is in webhook.cc.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/text.h"
#include "base/unique_fd.h"
#include "notice/channels.h"

namespace backscan::notice {
namespace {

Result<void> write_all(int fd, std::string_view bytes, const std::string& program) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_error(program, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<pid_t> start(const std::vector<std::string>& command, int standard_input) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, standard_input, STDIN_FILENO);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failed =
      ::posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return system_error(command.front(), failed);
  return child;
}

}  // namespace

Result<void> send_mail(const std::string& program, const MailAddresses& addresses,
                       const std::string& message) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_error(program, errno);
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  std::vector<std::string> command = {program, "-i", "-f", addresses.from, "--"};
  command.insert(command.end(), addresses.to.begin(), addresses.to.end());
  const auto child = start(command, reading.get());
  if (!child) return std::unexpected(child.error());
  const auto written = write_all(writing.get(), message, program);
  writing.reset();
  int status = 0;
  while (::waitpid(*child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return std::unexpected(Error{program, "did not take the message (status " +
                                              std::to_string(WEXITSTATUS(status)) + ")"});
  return written;
}

void write_syslog(const std::string& line) {
  ::openlog("backscan", LOG_PID, LOG_DAEMON);
  ::syslog(LOG_WARNING, "%s", escape_controls(line).c_str());
  ::closelog();
}

}  // namespace backscan::notice

#include "bench/measure.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace backscan::bench {
namespace {

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

}  // namespace

Usage measure(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child < 0) std::abort();
  if (child == 0) {
    work();
    ::_exit(0);
  }
  Usage usage;
  struct rusage resources {};
  int status = 0;
  ::wait4(child, &status, 0, &resources);
  usage.wall_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  usage.cpu_seconds = seconds(resources.ru_utime) + seconds(resources.ru_stime);
  usage.max_rss_mib = static_cast<double>(resources.ru_maxrss) / 1024;
  usage.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return usage;
}

Usage measure_command(const std::vector<std::string>& arguments) {
  return measure([&] {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(null, STDIN_FILENO);
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
    std::vector<char*> argv;
    for (const std::string& argument : arguments)
      argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  });
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace backscan::bench

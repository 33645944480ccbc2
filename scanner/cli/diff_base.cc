// git is run as a program, without a shell, with what a repository could make it run switched off.
#include "cli/diff_base.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <set>

#include "base/unique_fd.h"
#include "cli/result_files.h"
#include "report/merge.h"

namespace backscan::cli {
namespace {

constexpr std::string_view kGit = "git:";

Result<std::string> output_of(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_error(command.front(), errno);
  UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failed =
      ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return system_error(command.front(), failed);
  writing.reset();
  std::string text;
  std::array<char, 65536> block{};
  while (true) {
    const ssize_t got = ::read(reading.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    text.append(block.data(), static_cast<std::size_t>(got));
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return std::unexpected(Error{command.front(), "failed; is the root in a repository that has this range?"});
  return text;
}

/// Absolute paths of what the range changed below `root`.
Result<void> add_changed(const std::string& root, const std::string& range,
                         std::unordered_set<std::string>& changed) {
  const auto names = output_of({"git", "-C", root, "-c", "core.fsmonitor=false", "-c",
                                "core.hooksPath=/dev/null", "diff", "--no-ext-diff",
                                "--no-textconv", "--name-only", "--relative", "-z", range, "--"});
  if (!names) return std::unexpected(names.error());
  for (std::size_t at = 0; at < names->size();) {
    const std::string name = names->c_str() + at;
    at += name.size() + 1;
    changed.insert(root + (root.ends_with('/') ? "" : "/") + name);
  }
  return {};
}

void leave_out(ScanResult& result, auto is_old) {
  const std::size_t removed = std::erase_if(result.findings, is_old);
  if (removed > 0) result.summary.suppressed["diff-base"] += removed;
  report::recount(result);
}

}  // namespace

Result<DiffBase> load_diff_base(const std::string& text) {
  DiffBase base;
  if (text.starts_with(kGit)) {
    base.git_range = text.substr(kGit.size());
    if (base.git_range.empty() || base.git_range.starts_with('-'))
      return std::unexpected(Error{text, "is no range, as in git:main...HEAD"});
    return base;
  }
  const auto earlier = read_result_files({text}, nullptr);
  if (!earlier) return std::unexpected(earlier.error());
  for (const Finding& finding : earlier->findings) base.fingerprints.insert(finding.fingerprint);
  return base;
}

void apply_diff_base(const DiffBase& base, ScanResult& result) {
  if (base.git_range.empty()) {
    leave_out(result, [&](const Finding& f) { return base.fingerprints.contains(f.fingerprint); });
    return;
  }
  std::unordered_set<std::string> changed;
  std::set<std::string> directories;
  for (const Finding& finding : result.findings)
    directories.insert(finding.path == finding.root ? finding.root.substr(0, finding.root.rfind('/'))
                                                    : finding.root);
  for (const std::string& root : directories) {
    if (const auto added = add_changed(root, base.git_range, changed); !added) {
      result.errors.push_back({.stage = Stage::kRead, .path = root, .reason = added.error().message()});
      result.summary.is_complete = false;
      result.summary.incomplete_reasons.emplace_back("git could not say what changed");
      return;
    }
  }
  leave_out(result, [&](const Finding& f) { return !changed.contains(f.path); });
}

}  // namespace backscan::cli

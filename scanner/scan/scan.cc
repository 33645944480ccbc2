// The one parallel loop: the walk calls a visitor on every thread, each thread has a worker, and what
// they have to say is merged and sorted at the end.
#include "scan/scan.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

#include "rules/digest.h"
#include "scan/installations.h"
#include "scan/memo.h"
#include "scan/tally.h"
#include "scan/users.h"
#include "scan/worker.h"
#include "state/file_cache.h"

namespace backscan::scan {
namespace {

using Clock = std::chrono::steady_clock;

// Enough for the distinct files of a large host; 4 MB.
constexpr std::size_t kMemoCapacity = std::size_t{1} << 19;
// Reads from a cold disk wait, and waiting threads cost little: see DESIGN.md, "Walk".
constexpr unsigned kThreadsForColdData = 8;

unsigned available_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0)
    return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
  return std::max(1u, std::thread::hardware_concurrency());
}

double cpu_seconds() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : std::string();
}

/// Of all rules of a scan: a hex digest.
std::string version_of(const ScanOptions& options, const rules::RuleSet& rules) {
  if (options.external == nullptr || options.external->is_empty()) return rules.version();
  return rules::sha256_hex(rules.version() + options.external->digest()).substr(0, 32);
}

/// What a verdict depends on beside the file itself.
std::string circumstances_of(const ScanOptions& options, const rules::RuleSet& rules) {
  const php::UnpackLimits& unpack = options.unpack;
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{} {} {} {} {} {}", options.state_salt,
                     version_of(options, rules),
                     options.known_good == nullptr ? "" : options.known_good->digest(),
                     static_cast<int>(options.files),
                     options.max_filesize_bytes, unpack.max_steps,
                     unpack.max_output_bytes, unpack.max_value_bytes, unpack.max_memory_bytes,
                     unpack.max_depth, unpack.max_calls);
}

class ScanVisitor : public walk::Visitor {
 public:
  ScanVisitor(const Shared& shared, const std::atomic<bool>& interrupted, Clock::time_point started)
      : interrupted_(interrupted), workers_([&shared] { return std::make_unique<Worker>(shared); }) {
    if (shared.options.time_limit) deadline_ = started + *shared.options.time_limit;
  }

  bool on_file(const walk::FileEntry& entry) override {
    if (should_end()) return false;
    worker().look_at(entry);
    return true;
  }
  void on_error(ErrorRecord error) override { worker().tally().add_error(std::move(error)); }
  void on_skipped(std::string_view reason, const walk::FileEntry& entry) override {
    ++worker().tally().counts.skipped[std::string(reason)];
    if (reason == "symlink") worker().look_at_symlink(entry);
  }
  void on_directory() override { ++worker().tally().counts.directories; }

  /// After the walk: all threads' tallies as one, and why the walk ended early.
  [[nodiscard]] Tally merged() {
    Tally all;
    for (const std::unique_ptr<Worker>& worker : workers_) all.merge(std::move(worker->tally()));
    return all;
  }
  [[nodiscard]] std::string_view end_reason() const {
    if (was_interrupted_.load()) return "interrupted";
    return is_time_over_.load() ? "time limit" : "";
  }

 private:
  [[nodiscard]] Worker& worker() { return *workers_.local(); }
  [[nodiscard]] bool should_end() {
    if (interrupted_.load(std::memory_order_relaxed)) {
      was_interrupted_.store(true);
      return true;
    }
    if (Clock::now() < deadline_) return false;
    is_time_over_.store(true);
    return true;
  }

  const std::atomic<bool>& interrupted_;
  Clock::time_point deadline_ = Clock::time_point::max();
  // Set by whichever thread sees the end first, read after the walk.
  std::atomic<bool> was_interrupted_{false};
  std::atomic<bool> is_time_over_{false};
  tbb::enumerable_thread_specific<std::unique_ptr<Worker>> workers_;
};

}  // namespace

unsigned threads_for(unsigned jobs) {
  if (jobs != 0) return jobs;
  const unsigned cores = available_cores();
  return std::max(cores, std::min(kThreadsForColdData, 4 * cores));
}

ScanResult scan(const ScanOptions& options, const rules::RuleSet& rules, Progress& progress,
                const std::atomic<bool>& interrupted) {
  const Clock::time_point started = Clock::now();
  const double cpu_before = cpu_seconds();
  ScanResult result;
  result.scan = {.host = host_name(),
                 .roots = options.walk.roots,
                 .ips = {},
                 .started = std::chrono::system_clock::now(),
                 .rules = rules.rules().size() +
                          (options.external == nullptr ? 0 : options.external->count())};
  const std::vector<uid_t> web_server_uids = web_server_users();
  std::unique_ptr<Memo> memo;
  if (options.use_memo) memo = std::make_unique<Memo>(kMemoCapacity);
  std::optional<state::FileCache> clean_files;
  if (!options.state_directory.empty())
    clean_files.emplace(state::FileCache::open(options.state_directory, circumstances_of(options, rules),
                                              options.full));
  std::optional<Installations> installations;
  if (options.known_good != nullptr) installations.emplace(*options.known_good);
  LargeFiles large_files;
  const Shared shared{.options = options,
                      .rules = rules,
                      .web_server_uids = web_server_uids,
                      .memo = memo.get(),
                      .clean_files = clean_files ? &*clean_files : nullptr,
                      .installations = installations ? &*installations : nullptr,
                      .large_files = large_files,
                      .progress = progress};
  ScanVisitor visitor(shared, interrupted, started);
  {
    const unsigned threads = threads_for(options.jobs);
    // Both are needed: without the control an arena gets no more workers than there are cores.
    const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
    tbb::task_arena arena(static_cast<int>(threads));
    arena.execute([&] { walk::walk(options.walk, visitor); });
  }
  visitor.merged().report(result);
  if (const std::string_view reason = visitor.end_reason(); !reason.empty()) {
    result.summary.is_complete = false;
    result.summary.incomplete_reasons.emplace_back(reason);
  }
  if (clean_files) {
    if (const auto saved = clean_files->save(); !saved)
      result.errors.push_back({.stage = Stage::kRead,
                               .path = saved.error().object,
                               .reason = saved.error().reason,
                               .is_note = true});
  }
  result.summary.rules_version = version_of(options, rules);
  result.summary.cpu_seconds = cpu_seconds() - cpu_before;
  result.summary.wall_seconds = std::chrono::duration<double>(Clock::now() - started).count();
  return result;
}

}  // namespace backscan::scan

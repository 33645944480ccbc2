// A visitor that writes down what the walk tells it, sorted, for tests to compare.
#pragma once

#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "walk/walk.h"

namespace backscan::testing_support {

class Recorder : public walk::Visitor {
 public:
  bool on_file(const walk::FileEntry& entry) override {
    if (on_each_file) on_each_file(entry);
    const std::lock_guard lock(mutex_);
    files.push_back(entry.relative_path());
    paths.push_back(entry.path());
    return files.size() < stop_after;
  }
  void on_error(ErrorRecord error) override {
    const std::lock_guard lock(mutex_);
    errors.push_back(std::move(error));
  }
  void on_skipped(std::string_view reason, const walk::FileEntry& entry) override {
    const std::lock_guard lock(mutex_);
    skipped[std::string(reason)].push_back(entry.relative_path());
  }
  void on_directory() override {
    const std::lock_guard lock(mutex_);
    ++directories;
  }

  std::function<void(const walk::FileEntry&)> on_each_file;
  std::size_t stop_after = ~std::size_t{0};
  std::vector<std::string> files;
  std::vector<std::string> paths;
  std::vector<ErrorRecord> errors;
  std::map<std::string, std::vector<std::string>> skipped;
  std::size_t directories = 0;

 private:
  std::mutex mutex_;
};

/// Walks on `threads` threads and sorts what came.
inline void run_walk(const walk::WalkOptions& options, Recorder& recorder, int threads = 4) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(threads) + 1);
  tbb::task_arena arena(threads);
  arena.execute([&] { walk::walk(options, recorder); });
  std::ranges::sort(recorder.files);
  std::ranges::sort(recorder.paths);
  std::ranges::sort(recorder.errors);
  for (auto& [reason, names] : recorder.skipped) std::ranges::sort(names);
}

}  // namespace backscan::testing_support

// How many large files are in memory at once: each takes several times its size in views and
// tokens, and eight threads with a large file each would take eight times that. Its own file
// because it is what threads wait for.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace backscan::scan {

class LargeFiles {
 public:
  /// Files below this size are never waited for.
  static constexpr std::uint64_t kLargeBytes = std::uint64_t{512} << 10;
  /// Bytes of large files at once; a larger one has its turn alone.
  static constexpr std::uint64_t kBytesAtOnce = std::uint64_t{6} << 20;

  /// The right to hold a file in memory, until destroyed.
  class Turn {
   public:
    Turn(LargeFiles& files, std::uint64_t bytes)
        : files_(files), bytes_(bytes < kLargeBytes ? 0 : bytes) {
      if (bytes_ != 0) files_.wait_for(bytes_);
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
      if (bytes_ != 0) files_.give_back(bytes_);
    }

   private:
    LargeFiles& files_;
    const std::uint64_t bytes_;
  };

 private:
  void wait_for(std::uint64_t bytes) {
    std::unique_lock lock(mutex_);
    is_free_.wait(lock, [&] { return held_ == 0 || held_ + bytes <= kBytesAtOnce; });
    held_ += bytes;
  }
  void give_back(std::uint64_t bytes) {
    {
      const std::lock_guard lock(mutex_);
      held_ -= bytes;
    }
    is_free_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable is_free_;
  std::uint64_t held_ = 0;
};

}  // namespace backscan::scan

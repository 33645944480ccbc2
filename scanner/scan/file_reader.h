// Opening and reading one file into the thread's buffer: whole, or head and tail.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string_view>

#include "base/unique_fd.h"
#include "scan/file_choice.h"
#include "walk/walk.h"

namespace backscan::scan {

/// What was read. Views into the reader's buffer, valid until its next file.
struct Content {
  std::string_view bytes;         // the whole file, or its head
  std::string_view tail;          // empty where `bytes` is all there is
  std::uint64_t tail_offset = 0;  // of `tail` in the file
  std::optional<bool> has_php = {};  // whether an open tag shows, where that was looked for
  [[nodiscard]] bool is_whole() const { return tail.empty(); }
};

/// How much of a file to read.
struct ReadPlan {
  bool only_head_and_tail = false;  // unless a PHP open tag shows in them
  std::uint64_t max_whole_bytes = 0;
};

class FileReader {
 public:
  /// Opens without ever blocking or following a symlink that the walk did not follow, and looks at
  /// the file. The error value is errno.
  [[nodiscard]] std::expected<void, int> open(const walk::FileEntry& entry);
  [[nodiscard]] const struct stat& status() const { return status_; }
  /// Reads what is open. The error value is errno.
  [[nodiscard]] std::expected<Content, int> read(const ReadPlan& plan);
  void close() { fd_.reset(); }

  static constexpr std::size_t kHeadBytes = 8192;
  static constexpr std::size_t kTailBytes = 4096;

 private:
  [[nodiscard]] std::expected<Content, int> read_ends();
  [[nodiscard]] std::expected<Content, int> read_whole(std::size_t already);
  void reserve(std::size_t bytes);

  UniqueFd fd_;
  struct stat status_ {};
  // Grows to the largest file and is kept: page faults of a buffer made anew for each file cost more
  // than reading. Only what a huge file needed is given back.
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
};

}  // namespace backscan::scan

// The entries of an open directory by getdents64: readdir(3) would cost an allocation a directory
// and its own small buffer.
#pragma once

#include <dirent.h>
#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace backscan::walk {

class EntryReader {
 public:
  struct Entry {
    std::string_view name;  // NUL-terminated in the buffer
    unsigned char type;     // DT_*; DT_UNKNOWN where the file system does not tell
  };

  /// `buffer` holds the entries until the next call of `next`; 32 KiB or more is sensible.
  EntryReader(int fd, std::span<char> buffer) : fd_(fd), buffer_(buffer) {}

  /// The next entry but "." and ".."; nothing at the end or on an error.
  [[nodiscard]] std::optional<Entry> next();
  /// errno of the read that failed, else 0.
  [[nodiscard]] int error() const { return error_; }

 private:
  int fd_;
  std::span<char> buffer_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  int error_ = 0;
};

}  // namespace backscan::walk

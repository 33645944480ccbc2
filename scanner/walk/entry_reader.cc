// Reads until the kernel answers zero: NFS, FUSE and overlay file systems return short batches.
#include "walk/entry_reader.h"

#include <cerrno>
#include <cstring>

namespace backscan::walk {

std::optional<EntryReader::Entry> EntryReader::next() {
  for (;;) {
    if (at_ >= end_) {
      const ssize_t bytes = ::getdents64(fd_, buffer_.data(), buffer_.size());
      if (bytes <= 0) {
        error_ = bytes < 0 ? errno : 0;
        return std::nullopt;
      }
      at_ = 0;
      end_ = static_cast<std::size_t>(bytes);
    }
    const char* const record = buffer_.data() + at_;
    unsigned short length = 0;
    std::memcpy(&length, record + offsetof(dirent64, d_reclen), sizeof length);
    at_ += length;
    const char* const name = record + offsetof(dirent64, d_name);
    if (name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'))) continue;
    return Entry{name, static_cast<unsigned char>(record[offsetof(dirent64, d_type)])};
  }
}

}  // namespace backscan::walk

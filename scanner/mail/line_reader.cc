// Plain files are read directly; libarchive's "raw" format copies once more and is only worth it for
// compressed ones, told by their first bytes, not by their names.
#include "mail/line_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

namespace backscan::mail {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{256} << 10;

struct FreeArchive {
  void operator()(archive* handle) const { archive_read_free(handle); }
};

bool is_compressed(std::string_view head) {
  using namespace std::string_view_literals;
  constexpr auto kMagic = std::to_array<std::string_view>(
      {"\x1f\x8b"sv, "\xfd" "7zXZ\0"sv, "\x28\xb5\x2f\xfd"sv, "BZh"sv});
  for (const std::string_view magic : kMagic)
    if (head.starts_with(magic)) return true;
  return false;
}

}  // namespace

/// Where bytes come from: a descriptor, or a decompressor over it.
struct LineReader::Source {
  UniqueFd fd;
  std::unique_ptr<archive, FreeArchive> decompressor;
  std::uint64_t max_bytes = LineReader::kMaxDecompressedBytes;

  /// Bytes read into `out`, 0 at the end, or an error's reason.
  std::expected<std::size_t, std::string> read(std::span<char> out) const {
    if (decompressor) {
      const la_ssize_t got = archive_read_data(decompressor.get(), out.data(), out.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      const char* reason = archive_error_string(decompressor.get());
      return std::unexpected(std::string(reason != nullptr ? reason : "broken compressed data"));
    }
    while (true) {
      const ssize_t got = ::read(fd.get(), out.data(), out.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) return std::unexpected(errno_text(errno));
    }
  }
};

Result<LineReader> LineReader::open(UniqueFd fd, std::string name) {
  std::array<char, 8> head{};
  const ssize_t got = ::pread(fd.get(), head.data(), head.size(), 0);
  if (got < 0) return system_error(name, errno);
  auto source = std::make_unique<Source>();
  source->fd = std::move(fd);
  if (is_compressed({head.data(), static_cast<std::size_t>(got)})) {
    struct stat status {};
    if (::fstat(source->fd.get(), &status) != 0) return system_error(name, errno);
    source->max_bytes =
        std::min(kMaxDecompressedBytes,
                 kFreeDecompressedBytes + kMaxRatio * static_cast<std::uint64_t>(status.st_size));
    source->decompressor.reset(archive_read_new());
    archive* handle = source->decompressor.get();
    archive_read_support_filter_all(handle);
    archive_read_support_format_raw(handle);
    archive_entry* entry = nullptr;
    if (archive_read_open_fd(handle, source->fd.get(), kBlockBytes) != ARCHIVE_OK ||
        archive_read_next_header(handle, &entry) != ARCHIVE_OK) {
      const char* reason = archive_error_string(handle);
      return std::unexpected(Error{name, reason != nullptr ? reason : "broken compressed data"});
    }
  }
  return LineReader(std::move(source), std::move(name));
}

LineReader::LineReader(std::unique_ptr<Source> source, std::string name)
    : source_(std::move(source)), name_(std::move(name)) {}
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;
LineReader::~LineReader() = default;

bool LineReader::fill() {
  if (at_end_) return false;
  // Move the torn line to the front, then append a block behind it.
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kBlockBytes);
  const auto got = source_->read({buffer_.data() + before, kBlockBytes});
  buffer_.resize(before + got.value_or(0));
  bytes_ += got.value_or(0);
  if (!got) error_ = Error{name_, got.error()};
  if (source_->decompressor && bytes_ > source_->max_bytes) error_ = Error{name_, "more data than any log holds"};
  if (error_ || *got == 0) at_end_ = true;
  return true;
}

bool LineReader::take_bytes(std::uint64_t count, std::string& out) {
  std::uint64_t room = kMaxLineBytes;
  while (count > 0) {
    if (begin_ == buffer_.size() && (at_end_ || !fill() || begin_ == buffer_.size())) {
      if (at_end_) return false;
      continue;
    }
    const std::uint64_t here = std::min<std::uint64_t>(count, buffer_.size() - begin_);
    out.append(buffer_, begin_, static_cast<std::size_t>(std::min(here, room)));
    room -= std::min(here, room);
    begin_ += static_cast<std::size_t>(here);
    scanned_ = begin_;
    count -= here;
  }
  return true;
}

std::optional<std::string_view> LineReader::next() {
  while (true) {
    const std::size_t end = buffer_.find('\n', scanned_);
    if (end != std::string::npos) {
      std::string_view line(buffer_.data() + begin_, end - begin_);
      begin_ = scanned_ = end + 1;
      if (is_skipping_) {
        is_skipping_ = false;
        continue;
      }
      if (line.size() > kMaxLineBytes) {
        ++cut_lines_;
        line = line.substr(0, kMaxLineBytes);
      }
      if (line.ends_with('\r')) line.remove_suffix(1);
      return line;
    }
    scanned_ = buffer_.size();
    if (at_end_) {
      std::string_view line(buffer_.data() + begin_, buffer_.size() - begin_);
      begin_ = buffer_.size();
      if (line.empty() || is_skipping_) return std::nullopt;
      return line;
    }
    if (scanned_ - begin_ > kMaxLineBytes) {
      // Too long already: hand on its head once, drop the rest as it comes.
      const bool is_first_part = !is_skipping_;
      is_skipping_ = true;
      const std::size_t at = begin_;
      begin_ = scanned_;
      if (is_first_part) {
        ++cut_lines_;
        return std::string_view(buffer_.data() + at, kMaxLineBytes);
      }
      continue;
    }
    fill();
  }
}

}  // namespace backscan::mail

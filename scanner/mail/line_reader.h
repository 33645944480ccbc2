// Streams the lines of a log, plain or compressed (gz, xz, zst, bz2 through libarchive), in bounded
// memory: a line of ten megabytes is cut, counted and passed over, not loaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/unique_fd.h"

namespace backscan::mail {

class LineReader {
 public:
  /// A longer line is cut here; what is left of it is not handed on.
  static constexpr std::size_t kMaxLineBytes = std::size_t{64} << 10;
  /// A compressed log that yields more than this, or more than a few hundred times its own size, is a
  /// bomb: reading ends with an error. Real logs shrink to a tenth, the dullest to a hundredth.
  static constexpr std::uint64_t kMaxDecompressedBytes = std::uint64_t{64} << 30;
  static constexpr std::uint64_t kMaxRatio = 400;
  static constexpr std::uint64_t kFreeDecompressedBytes = std::uint64_t{64} << 20;

  /// Takes the descriptor of a regular file; `name` is for errors.
  [[nodiscard]] static Result<LineReader> open(UniqueFd fd, std::string name);

  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;
  ~LineReader();

  /// The next line without its end ("\n" or "\r\n"), valid until the next call; nothing at the end
  /// or after an error.
  [[nodiscard]] std::optional<std::string_view> next();

  /// Appends the next `count` bytes, line ends and all, to `out`; of more than kMaxLineBytes only the
  /// first. False where the source ends before.
  [[nodiscard]] bool take_bytes(std::uint64_t count, std::string& out);

  /// Set when reading ended early: a torn archive, an I/O error, a bomb.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t cut_lines() const { return cut_lines_; }

 private:
  struct Source;
  explicit LineReader(std::unique_ptr<Source> source, std::string name);
  bool fill();

  std::unique_ptr<Source> source_;
  std::string name_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t scanned_ = 0;  // up to here the buffer is known to hold no line end
  bool at_end_ = false;
  bool is_skipping_ = false;  // inside a line that was cut
  std::uint64_t bytes_ = 0;
  std::uint64_t cut_lines_ = 0;
  std::optional<Error> error_;
};

}  // namespace backscan::mail

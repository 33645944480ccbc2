// What a manifest keeps of a file's lines: 24 bits each, so that the report on a changed file can
// show the lines that are new in it without a copy of the original. They prove nothing: whether a
// file is the vendor's is its digest's to say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backscan::known {

using LineMarks = std::vector<std::uint32_t>;

/// A mark for each line of `text`; a carriage return at its end does not count.
[[nodiscard]] LineMarks mark_lines(std::string_view text);

/// Four characters a line.
[[nodiscard]] std::string pack_marks(const LineMarks& marks);
[[nodiscard]] std::optional<LineMarks> unpack_marks(std::string_view packed);

struct LineDifference {
  std::vector<std::size_t>
      added;  // 0-based numbers of lines of the present text, at most `kMaxShown`
  std::size_t added_count = 0;
  std::size_t gone_count = 0;  // lines of the original that stand nowhere in the changed part
  static constexpr std::size_t kMaxShown = 6;
};

/// What is new in `present` and gone from `original`, between their common beginning and end; lines
/// that only moved there are neither.
[[nodiscard]] LineDifference compare_lines(const LineMarks& original, const LineMarks& present);

}  // namespace backscan::known

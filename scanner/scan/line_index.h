// Lines and columns of offsets in one text. Built only for files with findings; asked many times, so
// it must not count from the start each time, and a file that is all newlines must not cost memory.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace backscan::scan {

class LineIndex {
 public:
  /// `text` must outlive the index.
  explicit LineIndex(std::string_view text);
  /// 1-based; an offset beyond the end counts as the end.
  [[nodiscard]] Position position(std::size_t offset) const;

 private:
  struct Block {
    std::size_t newlines;    // before the block
    std::size_t line_begin;  // of the line that the block's first byte is in
  };
  std::string_view text_;
  std::vector<Block> blocks_;
};

}  // namespace backscan::scan

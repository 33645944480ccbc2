// One entry for every block of 4 KiB; within a block newlines are counted anew.
#include "scan/line_index.h"

#include <algorithm>

namespace backscan::scan {
namespace {
constexpr std::size_t kBlockBytes = 4096;
}

LineIndex::LineIndex(std::string_view text) : text_(text) {
  Block block{0, 0};
  for (std::size_t begin = 0; begin <= text.size(); begin += kBlockBytes) {
    blocks_.push_back(block);
    const std::string_view bytes = text.substr(begin, kBlockBytes);
    const std::size_t last = bytes.rfind('\n');
    if (last == std::string_view::npos) continue;
    block.newlines += static_cast<std::size_t>(std::ranges::count(bytes, '\n'));
    block.line_begin = begin + last + 1;
  }
}

Position LineIndex::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const std::size_t index = offset / kBlockBytes;
  const Block& block = blocks_[index];
  const std::string_view before = text_.substr(index * kBlockBytes, offset - index * kBlockBytes);
  const std::size_t last = before.rfind('\n');
  const std::size_t line_begin =
      last == std::string_view::npos ? block.line_begin : index * kBlockBytes + last + 1;
  return {block.newlines + static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
          offset - line_begin + 1};
}

}  // namespace backscan::scan

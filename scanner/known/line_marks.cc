// See line_marks.h.
#include "known/line_marks.h"

#include <xxhash.h>

#include <algorithm>
#include <unordered_map>

#include "base/text.h"

namespace backscan::known {
namespace {

constexpr std::size_t kMarkBytes = 3;

}  // namespace

LineMarks mark_lines(std::string_view text) {
  LineMarks marks;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    marks.push_back(static_cast<std::uint32_t>(XXH3_64bits(line.data(), line.size()) & 0xFF'FFFF));
  }
  return marks;
}

std::string pack_marks(const LineMarks& marks) {
  std::string bytes;
  bytes.reserve(kMarkBytes * marks.size());
  for (const std::uint32_t mark : marks)
    for (int shift = 16; shift >= 0; shift -= 8) bytes += static_cast<char>(mark >> shift & 0xFF);
  return base64_encode(bytes);
}

std::optional<LineMarks> unpack_marks(std::string_view packed) {
  const auto bytes = base64_decode(packed);
  if (!bytes || bytes->size() % kMarkBytes != 0) return std::nullopt;
  LineMarks marks;
  marks.reserve(bytes->size() / kMarkBytes);
  for (std::size_t i = 0; i < bytes->size(); i += kMarkBytes) {
    std::uint32_t mark = 0;
    for (std::size_t k = 0; k < kMarkBytes; ++k)
      mark = mark << 8 | static_cast<unsigned char>((*bytes)[i + k]);
    marks.push_back(mark);
  }
  return marks;
}

LineDifference compare_lines(const LineMarks& original, const LineMarks& present) {
  const std::size_t shorter = std::min(original.size(), present.size());
  std::size_t head = 0;
  while (head < shorter && original[head] == present[head]) ++head;
  std::size_t tail = 0;
  while (tail < shorter - head &&
         original[original.size() - 1 - tail] == present[present.size() - 1 - tail])
    ++tail;
  std::unordered_map<std::uint32_t, std::size_t> rest;
  for (std::size_t i = head; i < original.size() - tail; ++i) ++rest[original[i]];
  LineDifference difference;
  std::size_t kept = 0;
  for (std::size_t i = head; i < present.size() - tail; ++i) {
    const auto known = rest.find(present[i]);
    if (known != rest.end() && known->second > 0) {
      --known->second;
      ++kept;
      continue;
    }
    ++difference.added_count;
    if (difference.added.size() < LineDifference::kMaxShown) difference.added.push_back(i);
  }
  difference.gone_count = original.size() - head - tail - kept;
  return difference;
}

}  // namespace backscan::known

// Shapes out of patterns, and where they stand (shapes.h).
#include "rules/shapes.h"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace backscan::rules {
namespace {

using Kind = RegexNode::Kind;

constexpr std::size_t kEnoughParts = 3;  // before the marks; with less Hyperscan is no slower
constexpr std::size_t kMaxAlternativeParts = 8;

struct Part {
  ByteSet bytes;
  std::uint32_t min = 1;
  std::uint32_t max = 1;
};

/// A row of parts that every match holds; not all of it where `is_cut`.
struct Row {
  std::vector<Part> parts;
  bool is_cut = false;
};

Row row_of(const RegexNode& node);

/// Wider than each alternative: their first parts together, their second ones …
Row row_of_alternatives(const RegexNode& node) {
  std::vector<Row> rows;
  Row joined;
  std::size_t length = 0;
  std::size_t known = kMaxAlternativeParts;  // behind a cut row anything may stand
  for (const RegexNode& child : node.children) {
    rows.push_back(row_of(child));
    length = std::max(length, rows.back().parts.size());
    if (rows.back().is_cut) known = std::min(known, rows.back().parts.size());
    joined.is_cut |= rows.back().is_cut;
  }
  joined.is_cut |= length > known;
  for (std::size_t i = 0; i < std::min(length, known); ++i) {
    Part part{.bytes = {}, .min = RegexNode::kUnbounded, .max = 0};
    for (const Row& row : rows) {
      const bool has_part = i < row.parts.size();
      if (has_part) part.bytes |= row.parts[i].bytes;
      part.min = has_part ? std::min(part.min, row.parts[i].min) : 0;
      if (has_part) part.max = std::max(part.max, row.parts[i].max);
    }
    joined.parts.push_back(part);
  }
  return joined;
}

Row row_of_repeat(const RegexNode& node) {
  const RegexNode& child = node.children.front();
  if (child.kind == Kind::kBytes)
    return {.parts = {{child.bytes, node.min, node.max}}, .is_cut = false};
  if (node.min == 0) return {.parts = {}, .is_cut = true};
  Row row = row_of(child);
  row.is_cut |= node.max > 1;
  return row;
}

Row row_of(const RegexNode& node) {
  Row row;
  switch (node.kind) {
    case Kind::kBytes:
      return {.parts = {{node.bytes, 1, 1}}, .is_cut = false};
    case Kind::kRepeat:
      return row_of_repeat(node);
    case Kind::kAlternate:
      return row_of_alternatives(node);
    case Kind::kConcat:
      for (const RegexNode& child : node.children) {
        const Row next = row_of(child);
        row.parts.insert(row.parts.end(), next.parts.begin(), next.parts.end());
        row.is_cut = next.is_cut;
        if (row.is_cut) break;
      }
      return row;
    default:
      return row;  // assertions are left out
  }
}

bool is_mark(const Part& part) {
  return part.min == 1 && part.max == 1 && part.bytes.any() && part.bytes.count() <= Shape::kMarks;
}

/// True if the part ends where its set does: nothing of it can begin what follows.
bool ends_by_itself(std::span<const Part> parts, std::size_t at) {
  if (parts[at].min == parts[at].max) return true;
  for (std::size_t next = at + 1; next < parts.size(); ++next) {
    if ((parts[next].bytes & parts[at].bytes).any()) return false;
    if (parts[next].min > 0) return true;
  }
  return false;
}

ShapePart packed(const Part& part) {
  ShapePart shape{.min = part.min, .max = part.max};
  for (std::size_t byte = 0; byte < part.bytes.size(); ++byte)
    if (part.bytes[byte]) shape.bytes[byte / 64] |= std::uint64_t{1} << (byte % 64);
  return shape;
}

/// The parts that can be followed without a second try, from the inside out; of the first that
/// cannot, what it has at least.
std::vector<ShapePart> side_of(std::span<const Part> parts) {
  std::vector<ShapePart> side;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    side.push_back(packed(parts[i]));
    if (ends_by_itself(parts, i)) continue;
    side.back().max = side.back().min;
    break;
  }
  while (!side.empty() && side.back().min == 0) side.pop_back();
  return side;
}

void fill_marks(std::array<char, Shape::kMarks>& marks, const ByteSet& bytes) {
  std::size_t count = 0;
  for (unsigned byte = 0; byte < bytes.size(); ++byte)
    if (bytes[byte]) marks[count++] = static_cast<char>(byte);
  for (std::size_t i = count; i < marks.size(); ++i) marks[i] = marks[0];
}

/// Behind `at` on one side of the marks; `step` is 1 or -1.
bool holds_side(std::string_view text, std::ptrdiff_t at, std::ptrdiff_t step,
                const std::vector<ShapePart>& side) {
  const auto size = static_cast<std::ptrdiff_t>(text.size());
  for (const ShapePart& part : side) {
    // One more than there may be shows that there are too many.
    const bool is_fixed = part.min == part.max;
    std::uint32_t length = 0;
    while ((is_fixed ? length < part.max : length <= part.max) && at >= 0 && at < size &&
           part.holds(text[static_cast<std::size_t>(at)])) {
      ++length;
      at += step;
    }
    if (length < part.min || length > part.max) return false;
  }
  return true;
}

bool holds_shape_at(std::string_view text, std::size_t at, const Shape& shape) {
  const auto place = static_cast<std::ptrdiff_t>(at);
  return holds_side(text, place + 2, 1, shape.behind) &&
         holds_side(text, place - 1, -1, shape.before);
}

#ifdef __SSE2__
/// One of so many bytes, sixteen places at a time.
template <std::size_t count>
class MarkProbe {
 public:
  explicit MarkProbe(const std::array<char, Shape::kMarks>& marks)
      : a_(_mm_set1_epi8(marks[0])), b_(_mm_set1_epi8(marks[1])), c_(_mm_set1_epi8(marks[2])) {}
  [[nodiscard]] __m128i found_in(const char* at) const {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i found = _mm_cmpeq_epi8(block, a_);
    if constexpr (count == 1) return found;
    return _mm_or_si128(found, _mm_or_si128(_mm_cmpeq_epi8(block, b_), _mm_cmpeq_epi8(block, c_)));
  }

 private:
  __m128i a_;
  __m128i b_;
  __m128i c_;
};

/// True if the shape stands in whole blocks of `text`; `at` is behind them.
template <std::size_t first_count, std::size_t second_count>
bool holds_shape_in_blocks(std::string_view text, const Shape& shape, std::size_t& at) {
  const MarkProbe<first_count> first(shape.marks[0]);
  const MarkProbe<second_count> second(shape.marks[1]);
  for (; at + 17 <= text.size(); at += 16) {
    const char* const block = text.data() + at;
    auto found = static_cast<unsigned>(
        _mm_movemask_epi8(_mm_and_si128(first.found_in(block), second.found_in(block + 1))));
    for (; found != 0; found &= found - 1)
      if (holds_shape_at(text, at + static_cast<std::size_t>(std::countr_zero(found)), shape))
        return true;
  }
  return false;
}
#endif

bool is_one_of(char c, const std::array<char, Shape::kMarks>& marks) {
  return std::ranges::find(marks, c) != marks.end();
}

}  // namespace

std::optional<Shape> shape_in_every_match(const RegexNode& regex) {
  const std::vector<Part> parts = row_of(regex).parts;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (!is_mark(parts[i]) || !is_mark(parts[i + 1])) continue;
    std::vector<Part> outwards(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(i));
    std::ranges::reverse(outwards);
    Shape shape;
    shape.before = side_of(outwards);
    shape.behind = side_of(std::span(parts).subspan(i + 2));
    if (shape.before.size() < kEnoughParts) continue;
    fill_marks(shape.marks[0], parts[i].bytes);
    fill_marks(shape.marks[1], parts[i + 1].bytes);
    return shape;
  }
  return std::nullopt;
}

bool holds_shape(std::string_view text, const Shape& shape) {
  std::size_t at = 0;
#ifdef __SSE2__
  const auto& [first, second] = shape.marks;
  const bool is_single = first[0] == first[2] && second[0] == second[2];
  if (is_single ? holds_shape_in_blocks<1, 1>(text, shape, at)
                : holds_shape_in_blocks<Shape::kMarks, Shape::kMarks>(text, shape, at))
    return true;
#endif
  for (; at + 1 < text.size(); ++at)
    if (is_one_of(text[at], shape.marks[0]) && is_one_of(text[at + 1], shape.marks[1]) &&
        holds_shape_at(text, at, shape))
      return true;
  return false;
}

}  // namespace backscan::rules

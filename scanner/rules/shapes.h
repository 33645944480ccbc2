// Patterns of marks around words of any name (`$f($g(`): looked for without the library. Its
// automata begin at every mark; here two marks in a row are looked for sixteen places at a time,
// and only from there what must stand before and behind them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "rules/regex_tree.h"

namespace backscan::rules {

/// So many bytes of one set in a row.
struct ShapePart {
  std::array<std::uint64_t, 4> bytes{};  // a bit for each byte of the set
  std::uint32_t min = 1;
  std::uint32_t max = 1;

  [[nodiscard]] bool holds(char c) const {
    const auto byte = static_cast<unsigned char>(c);
    return ((bytes[byte >> 6U] >> (byte & 63U)) & 1U) != 0;
  }
};
template <typename Archive>
void fields(Archive& archive, ShapePart& part) {
  auto& [a, b, c, d] = part.bytes;
  archive(part.min, part.max, a, b, c, d);
}

/// Two marks, each one of few, and parts on both sides of them, from the inside out. A part is as
/// long as its set goes on: no byte of the next one is in it.
struct Shape {
  static constexpr std::size_t kMarks = 3;
  std::array<std::array<char, kMarks>, 2> marks{};
  std::vector<ShapePart> before;
  std::vector<ShapePart> behind;
};

/// What every match of `regex` holds, if that is enough to tell it from ordinary code.
[[nodiscard]] std::optional<Shape> shape_in_every_match(const RegexNode& regex);

[[nodiscard]] bool holds_shape(std::string_view text, const Shape& shape);

}  // namespace backscan::rules

// Escapes of PHP's string literals, one at a time and without allocating, for whoever copies a
// literal piece by piece. Apart from the views because it knows quoting rules and nothing of views.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace backscan::php {

/// How a literal is quoted decides which escapes it knows.
enum class Quoting : std::uint8_t { kSingle, kDouble, kBackquote, kHeredoc, kNowdoc };

struct Escape {
  std::array<char, 4> bytes{};  // what it stands for
  std::uint8_t size = 0;        // how many of them
  std::uint32_t length = 0;     // how much of the source it takes, the backslash included
};

/// The escape at the front of `text`, which begins with a backslash. A backslash that begins no
/// escape stands for itself: size 1, length 1.
[[nodiscard]] Escape decode_escape(std::string_view text, Quoting quoting);

/// What a whole constant literal with its quotes and `b` prefix holds inside, and how it is quoted.
struct ConstantLiteral {
  std::string_view inside;
  Quoting quoting = Quoting::kSingle;
};
[[nodiscard]] ConstantLiteral open_constant_literal(std::string_view token);

}  // namespace backscan::php

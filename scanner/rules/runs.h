// Long runs of one byte set (`[A-Za-z0-9+/]{700,}`): found without looking at most of a text, where
// an automaton has to walk through every letter of it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/regex_tree.h"

namespace backscan::rules {

struct ByteRun {
  std::uint32_t min_bytes = 0;
  std::array<std::uint64_t, 4> bytes{};  // a bit for each byte that may stand in it

  [[nodiscard]] bool holds(char c) const {
    const auto byte = static_cast<unsigned char>(c);
    return ((bytes[byte >> 6U] >> (byte & 63U)) & 1U) != 0;
  }
  /// A text without this run then is one without `other`, too.
  void widen_to(const ByteRun& other) {
    min_bytes = std::min(min_bytes, other.min_bytes);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] |= other.bytes[i];
  }
};

/// The longest run of at least `min_bytes` that every match of `regex` holds as a part of its own.
/// Sets of more than 128 bytes are gaps, not runs.
[[nodiscard]] std::optional<ByteRun> run_in_every_match(const RegexNode& regex,
                                                        std::uint32_t min_bytes);

/// True if `text` holds such a run. It is looked at where a run cannot be missed, every `min_bytes`
/// bytes, and further only from there.
[[nodiscard]] bool holds_run(std::string_view text, const ByteRun& run);

}  // namespace backscan::rules

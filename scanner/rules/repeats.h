// Large texts that repeat one thing a million times, made short for whoever only asks whether
// something may be there. Its own file because it knows nothing of rules.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace backscan::rules {

/// A stretch counts as repeating where it follows itself at no more than this distance.
inline constexpr std::size_t kMaxPeriod = 512;
/// How much of a stretch is kept at either end: more than any pattern spans by number.
inline constexpr std::size_t kKeptOfRepeats = std::size_t{64} << 10;

/// `text` without the middle of each stretch that only repeats what stands before it: whole periods
/// are left out, so that what goes on behind fits what stood before. Whatever a pattern may match
/// in `text` it may match in this. Returns `text` itself where it is small or nothing is left out,
/// else a view of `room`.
[[nodiscard]] std::string_view without_repeats(std::string_view text, std::string& room);

}  // namespace backscan::rules

// Repetition is looked for every few kilobytes and then followed as far as it goes, so that text
// without any costs next to nothing.
#include "rules/repeats.h"

#include <algorithm>
#include <cstring>

namespace backscan::rules {
namespace {

constexpr std::size_t kMinText = std::size_t{1} << 20;
constexpr std::size_t kMinStretch = 4 * kKeptOfRepeats;
constexpr std::size_t kStep = 16 << 10;
constexpr std::size_t kProbe = 32;

/// How far behind the bytes at `at` the same bytes stand; 0 if not near.
std::size_t period_at(std::string_view text, std::size_t at) {
  const std::string_view probe = text.substr(at, kProbe);
  const std::size_t from = at - kMaxPeriod;
  const std::size_t found = text.substr(from, kMaxPeriod + kProbe - 1).find(probe);
  return found == std::string_view::npos ? 0 : kMaxPeriod - found;
}

/// Where the text stops to follow itself at `period`.
std::size_t end_of_repeats(std::string_view text, std::size_t at, std::size_t period) {
  constexpr std::size_t kBlock = 4096;
  while (at + kBlock <= text.size() &&
         std::memcmp(text.data() + at, text.data() + at - period, kBlock) == 0) {
    at += kBlock;
  }
  while (at < text.size() && text[at] == text[at - period]) ++at;
  return at;
}

}  // namespace

std::string_view without_repeats(std::string_view text, std::string& room) {
  if (text.size() < kMinText) return text;
  room.clear();
  std::size_t copied = 0;  // so much of the text is in `room`, or left out
  for (std::size_t at = kMaxPeriod; at + kProbe <= text.size(); at += kStep) {
    const std::size_t period = period_at(text, at);
    if (period == 0) continue;
    const std::size_t end = end_of_repeats(text, at, period);
    if (end - at >= kMinStretch) {
      const std::size_t head = at + kKeptOfRepeats;
      const std::size_t left_out = (end - kKeptOfRepeats - head) / period * period;
      room.append(text, copied, head - copied);
      copied = head + left_out;
    }
    at = std::max(at, end - std::min(end, kStep));
  }
  if (copied == 0) return text;
  return room.append(text, copied);
}

}  // namespace backscan::rules

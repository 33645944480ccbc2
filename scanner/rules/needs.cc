// Words are looked for sixteen places at a time by their first and last byte (needs.h).
#include "rules/needs.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/text.h"
#include "rules/regex_literals.h"
#include "rules/regex_tree.h"

namespace backscan::rules {
namespace {

constexpr std::size_t kMinWordBytes = 3;
// With more words than this RE2 is no slower.
constexpr std::size_t kMaxWords = 12;
constexpr std::uint32_t kMinRunBytes = 4;

bool begins_with_word(std::string_view text, std::string_view word) {
  return std::equal(word.begin(), word.end(), text.begin(),
                    [](char letter, char c) { return letter == ascii_lower(c); });
}

#ifdef __SSE2__
/// Compares bytes with one byte, a letter in either case.
class ByteProbe {
 public:
  explicit ByteProbe(char byte)
      : byte_(_mm_set1_epi8(byte)),
        case_bit_(_mm_set1_epi8(byte >= 'a' && byte <= 'z' ? 0x20 : 0)) {}
  [[nodiscard]] __m128i found_in(const char* at) const {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    return _mm_cmpeq_epi8(_mm_or_si128(block, case_bit_), byte_);
  }

 private:
  __m128i byte_;
  __m128i case_bit_;
};
#endif

bool holds_word(std::string_view text, std::string_view word) {
  if (word.empty() || word.size() > text.size()) return word.empty();
  const std::size_t places = text.size() - word.size() + 1;
  std::size_t at = 0;
#ifdef __SSE2__
  const ByteProbe first(word.front());
  const ByteProbe last(word.back());
  for (; at + 16 <= places; at += 16) {
    const char* const block = text.data() + at;
    auto found = static_cast<unsigned>(_mm_movemask_epi8(
        _mm_and_si128(first.found_in(block), last.found_in(block + word.size() - 1))));
    for (; found != 0; found &= found - 1)
      if (begins_with_word(text.substr(at + static_cast<std::size_t>(std::countr_zero(found))),
                           word))
        return true;
  }
#endif
  for (; at < places; ++at)
    if (begins_with_word(text.substr(at), word)) return true;
  return false;
}

}  // namespace

bool holds_any_word(std::string_view text, std::span<const std::string> words) {
  return std::ranges::any_of(words,
                             [&](const std::string& word) { return holds_word(text, word); });
}

Needs::Needs(std::string_view pattern) {
  const auto tree = parse_regex(pattern);
  if (!tree) return;
  words_ = required_literals(*tree, kMinWordBytes);
  if (words_.size() > kMaxWords) words_.clear();
  if (words_.empty()) run_ = run_in_every_match(*tree, kMinRunBytes);
}

bool Needs::are_met_by(std::string_view text) const {
  if (!words_.empty()) return holds_any_word(text, words_);
  return !run_ || holds_run(text, *run_);
}

}  // namespace backscan::rules

// The masks of a block, and what follows from one block for the next (block_scan.h).
#include "rules/block_scan.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace backscan::rules {
namespace {

/// What stands where in a block, a bit for each byte.
struct BlockMasks {
  std::uint64_t quotes = 0;
  std::uint64_t words = 0;    // letters, digits, underscores, foreign bytes
  std::uint64_t encoded = 0;  // what base64 is made of
  std::uint64_t foreign = 0;
  std::uint64_t dollars = 0;
  std::uint64_t braces = 0;    // opening ones
  std::uint64_t openers = 0;   // what tells something behind a variable: brackets that open, =
  std::uint64_t brackets = 0;  // those behind a closing one: no other can begin a sign
};

/// `block` is behind the byte before it.
#ifdef __SSE2__
BlockMasks masks_of(const char* block) {
  BlockMasks masks;
  for (unsigned at = 0; at < BlockScan::kBlock; at += 16) {
    const auto load = [](const char* from) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    };
    const auto is = [](__m128i bytes, char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    const auto add = [at](std::uint64_t& mask, __m128i found) {
      mask |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(found))) << at;
    };
    // 0xff where lo <= byte < lo + count: one addition and a signed comparison.
    const auto is_in = [](__m128i bytes, int lo, int count) {
      const __m128i moved = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(0x80 - lo)));
      return _mm_cmplt_epi8(moved, _mm_set1_epi8(static_cast<char>(0x80 + count)));
    };
    const __m128i bytes = load(block + at);
    const __m128i before = load(block + at - 1);
    const __m128i behind_call = is(before, ')');
    const __m128i behind_any =
        _mm_or_si128(behind_call, _mm_or_si128(is(before, ']'), is(before, '}')));
    const __m128i calls = is(bytes, '(');
    const __m128i braces = is(bytes, '{');
    const __m128i indices = _mm_or_si128(is(bytes, '['), braces);
    const __m128i letters = is_in(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 26);
    const __m128i digits = is_in(bytes, '0', 10);
    const __m128i alphanumeric = _mm_or_si128(letters, digits);
    const __m128i equals = is(bytes, '=');
    add(masks.quotes, is(bytes, '\''));
    // Foreign bytes have the bit that is asked for as they are.
    add(masks.words, _mm_or_si128(alphanumeric, _mm_or_si128(is(bytes, '_'), bytes)));
    add(masks.encoded, _mm_or_si128(_mm_or_si128(alphanumeric, equals),
                                    _mm_or_si128(is(bytes, '+'), is(bytes, '/'))));
    add(masks.foreign, bytes);
    add(masks.dollars, is(bytes, '$'));
    add(masks.braces, braces);
    add(masks.openers, _mm_or_si128(_mm_or_si128(calls, indices), equals));
    add(masks.brackets,
        _mm_or_si128(_mm_and_si128(calls, behind_any), _mm_and_si128(indices, behind_call)));
  }
  return masks;
}
#else
BlockMasks masks_of(const char* block) {
  BlockMasks masks;
  for (std::size_t at = 0; at < BlockScan::kBlock; ++at) {
    const auto add = [at](std::uint64_t& mask, bool is_there) {
      mask |= static_cast<std::uint64_t>(is_there) << at;
    };
    const char c = block[at];
    const char before = block[at - 1];
    const bool is_index = c == '[' || c == '{';
    add(masks.quotes, c == '\'');
    add(masks.words, is_any_of(c, kWordByte | kForeignByte));
    add(masks.encoded, is_any_of(c, kEncodedByte));
    add(masks.foreign, is_any_of(c, kForeignByte));
    add(masks.dollars, c == '$');
    add(masks.braces, c == '{');
    add(masks.openers, c == '(' || is_index || c == '=');
    add(masks.brackets, (c == '(' && (before == ')' || before == ']' || before == '}')) ||
                            (is_index && before == ')'));
  }
  return masks;
}
#endif

}  // namespace

void BlockScan::load() {
  BlockMasks masks;
  if (begin_ > 0 && begin_ + kBlock <= text_.size()) {
    masks = masks_of(text_.data() + begin_);
  } else {
    // The first block has nothing before it, the last one nothing behind it.
    std::array<char, 1 + kBlock> padded{};
    if (begin_ > 0) padded[0] = text_[begin_ - 1];
    text_.copy(padded.data() + 1, kBlock, begin_);
    masks = masks_of(padded.data() + 1);
  }
  // A name is a run of word bytes behind a dollar: adding its first bit carries to its end, from
  // one block to the next.
  const std::uint64_t behind = masks.dollars << 1U | carried_dollar_;
  const std::uint64_t first = (behind | carried_name_) & masks.words;
  const std::uint64_t carried = masks.words + first;
  const std::uint64_t ends = (carried | carried_name_) & ~masks.words;
  carried_dollar_ = masks.dollars >> (kBlock - 1);
  carried_name_ = carried < first ? 1 : 0;
  // Of kSurelySeen bytes half lie in one block: a bit is left for each 30 in a row.
  std::uint64_t run = masks.encoded & masks.encoded >> 1U;
  run &= run >> 2U;
  run &= run >> 4U;
  run &= run >> 8U;
  run &= run >> 14U;
  may_hold_encoded_ = may_hold_encoded_ || run != 0;
  quotes_ = masks.quotes;
  specials_ = masks.quotes | masks.brackets | (ends & masks.openers) |
              (behind & (masks.dollars | masks.braces | masks.foreign));
}

}  // namespace backscan::rules

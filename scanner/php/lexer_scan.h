// Byte classes and forward scans that the lexer spends its time in: sixteen bytes at a step where
// SSE2 is there (every x86-64), byte by byte elsewhere and near the end of the source. Its own file
// because it is the only code of the room that knows about the processor.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace backscan::php::scan {

enum ByteClass : std::uint8_t {
  kLabelByte = 1,   // [A-Za-z0-9_\x80-\xff]
  kLabelStart = 2,  // the same without digits
  kDigit = 4,
  kBlank = 8,       // space, tab, line feed, carriage return
  kHexDigit = 16,
};

inline constexpr std::array<std::uint8_t, 256> kByteClass = [] {
  std::array<std::uint8_t, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool is_digit = c >= '0' && c <= '9';
    unsigned bits = 0;
    if (is_letter || c == '_' || c >= 0x80) bits |= kLabelByte | kLabelStart;
    if (is_digit) bits |= kLabelByte | kDigit | kHexDigit;
    if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) bits |= kHexDigit;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') bits |= kBlank;
    table[c] = static_cast<std::uint8_t>(bits);
  }
  return table;
}();

[[nodiscard]] inline bool is(char c, ByteClass wanted) {
  return (kByteClass[static_cast<unsigned char>(c)] & wanted) != 0;
}

/// The byte at `p`, or NUL at or past `end`: look-ahead without a bounds check at each use.
[[nodiscard]] inline char peek(const char* p, const char* end) { return p < end ? *p : '\0'; }

/// First byte at or after `p` that is not of `wanted`.
template <ByteClass wanted>
[[nodiscard]] inline const char* skip_bytewise(const char* p, const char* end) {
  while (p < end && is(*p, wanted)) ++p;
  return p;
}

#if defined(__SSE2__)

[[nodiscard]] inline __m128i load(const char* p) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}

/// 0xff where lo <= byte < lo + count, as unsigned bytes: one subtraction and a signed compare.
[[nodiscard]] inline __m128i in_range(__m128i bytes, unsigned char lo, unsigned char count) {
  const __m128i moved = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(0x80U - lo)));
  return _mm_cmplt_epi8(moved, _mm_set1_epi8(static_cast<char>(0x80U + count)));
}

[[nodiscard]] inline unsigned label_mask(__m128i bytes) {
  const __m128i letters = in_range(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 26);
  const __m128i digits = in_range(bytes, '0', 10);
  const __m128i underscore = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_'));
  // `bytes` itself has the top bit set for \x80-\xff, which movemask reads as it is.
  const __m128i any = _mm_or_si128(_mm_or_si128(letters, digits), _mm_or_si128(underscore, bytes));
  return static_cast<unsigned>(_mm_movemask_epi8(any));
}

[[nodiscard]] inline unsigned blank_mask(__m128i bytes) {
  const __m128i blank = _mm_or_si128(
      _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')),
                   _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t'))),
      _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')),
                   _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r'))));
  return static_cast<unsigned>(_mm_movemask_epi8(blank));
}

inline constexpr unsigned kAll16 = 0xffff;

[[nodiscard]] inline const char* label_end(const char* p, const char* end) {
  while (end - p >= 16) {
    const unsigned mask = label_mask(load(p));
    if (mask != kAll16) return p + std::countr_one(mask);
    p += 16;
  }
  return skip_bytewise<kLabelByte>(p, end);
}

[[nodiscard]] inline const char* blank_end(const char* p, const char* end) {
  while (end - p >= 16) {
    const unsigned mask = blank_mask(load(p));
    if (mask != kAll16) return p + std::countr_one(mask);
    p += 16;
  }
  return skip_bytewise<kBlank>(p, end);
}

/// First byte that is one of `wanted`, or `end`.
template <char... wanted>
[[nodiscard]] inline const char* find_any(const char* p, const char* end) {
  while (end - p >= 16) {
    const __m128i bytes = load(p);
    __m128i any = _mm_setzero_si128();
    ((any = _mm_or_si128(any, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(wanted)))), ...);
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(any));
    if (mask != 0) return p + std::countr_zero(mask);
    p += 16;
  }
  while (p < end && ((*p != wanted) && ...)) ++p;
  return p;
}

/// First place where `first` stands directly before one of `second`, or `end`.
template <char first, char... second>
[[nodiscard]] inline const char* find_pair(const char* p, const char* end) {
  while (end - p >= 17) {
    const __m128i next = load(p + 1);
    __m128i hit = _mm_setzero_si128();
    ((hit = _mm_or_si128(hit, _mm_cmpeq_epi8(next, _mm_set1_epi8(second)))), ...);
    hit = _mm_and_si128(hit, _mm_cmpeq_epi8(load(p), _mm_set1_epi8(first)));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hit));
    if (mask != 0) return p + std::countr_zero(mask);
    p += 16;
  }
  for (; end - p >= 2; ++p) {
    if (p[0] == first && ((p[1] == second) || ...)) return p;
  }
  return end;
}

#else

[[nodiscard]] inline const char* label_end(const char* p, const char* end) {
  return skip_bytewise<kLabelByte>(p, end);
}

[[nodiscard]] inline const char* blank_end(const char* p, const char* end) {
  return skip_bytewise<kBlank>(p, end);
}

template <char... wanted>
[[nodiscard]] inline const char* find_any(const char* p, const char* end) {
  while (p < end && ((*p != wanted) && ...)) ++p;
  return p;
}

template <char first, char... second>
[[nodiscard]] inline const char* find_pair(const char* p, const char* end) {
  for (; end - p >= 2; ++p) {
    if (p[0] == first && ((p[1] == second) || ...)) return p;
  }
  return end;
}

#endif

/// End of the blanks that stay on the line (`[ \t]*`).
[[nodiscard]] inline const char* indent_end(const char* p, const char* end) {
  while (p < end && (*p == ' ' || *p == '\t')) ++p;
  return p;
}

}  // namespace backscan::php::scan

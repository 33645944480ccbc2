// A growing output with its map back to the source: what both views are written through. Its own
// file because its inner loops copy sixteen bytes at a time into slack that only it accounts for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

#include "model/offset_map.h"
#include "php/lexer_scan.h"

namespace backscan::php {

class ViewWriter {
 public:
  /// Bytes behind the reserved ones that may be scribbled on.
  static constexpr std::size_t kSlack = 64;

  /// Without a map nothing is marked.
  void start(std::string_view source, std::string& buffer, OffsetMap* map) {
    source_ = source;
    buffer_ = &buffer;
    map_ = map;
    shift_ = kNoShift;
    const std::size_t wanted = source.size() + source.size() / 8 + 2 * kSlack;
    adopt(std::max(buffer.capacity(), wanted), 0);
  }
  void finish() {
    buffer_->resize(size());
    if (map_ != nullptr) map_->end_at(static_cast<Offset>(source_.size()));
  }

  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(at_ - begin_); }
  [[nodiscard]] char last() const { return at_ == begin_ ? '\0' : at_[-1]; }
  [[nodiscard]] bool ends_with(std::string_view tail) const {
    return std::string_view(begin_, at_).ends_with(tail);
  }
  [[nodiscard]] bool ends_in_word() const { return scan::is(last(), scan::kLabelByte); }

  [[gnu::always_inline]] void reserve(std::size_t bytes) {
    if (static_cast<std::size_t>(limit_ - at_) < bytes) grow(bytes);
  }
  void put(char c) {
    reserve(1);
    *at_++ = c;
  }
  void append(std::string_view text) {
    reserve(text.size());
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  /// Says that what comes next was made from the source at `source_offset`.
  [[gnu::always_inline]] void mark(Offset source_offset) {
    if (map_ == nullptr) return;
    const auto here = static_cast<Offset>(size());
    if (source_offset - here == shift_) return;
    shift_ = source_offset - here;
    map_->add(here, source_offset);
  }
  /// The byte of the source at `p`; marked.
  [[gnu::always_inline]] void copy_byte(const char* p) {
    mark(offset_of(p));
    put(*p);
  }
  /// Bytes of the source, as they are; marked.
  [[gnu::always_inline]] void copy(std::string_view piece) {
    mark(offset_of(piece.data()));
    reserve(piece.size());
    copy_unreserved<false>(piece.data(), piece.size());
  }
  /// The same with ASCII letters lower-cased.
  [[gnu::always_inline]] void copy_lower(std::string_view piece) {
    mark(offset_of(piece.data()));
    reserve(piece.size());
    copy_unreserved<true>(piece.data(), piece.size());
  }
  /// A word of the source, lower-cased and kept apart from a word before it.
  [[gnu::always_inline]] void copy_word(std::string_view piece) {
    if (ends_in_word()) put(' ');
    copy_lower(piece);
  }

  [[nodiscard]] Offset offset_of(const char* p) const {
    return static_cast<Offset>(p - source_.data());
  }

 private:
  static constexpr Offset kNoShift = 0x80000000;

  template <bool is_lower>
  [[gnu::always_inline]] void copy_unreserved(const char* from, std::size_t length) {
#if defined(__SSE2__)
    const auto readable = static_cast<std::size_t>(source_.data() + source_.size() - from);
    if (((length + 15) & ~std::size_t{15}) <= readable) {
      for (std::size_t i = 0; i < length; i += 16) {
        __m128i bytes = scan::load(from + i);
        if constexpr (is_lower) {
          const __m128i upper = scan::in_range(bytes, 'A', 26);
          bytes = _mm_add_epi8(bytes, _mm_and_si128(upper, _mm_set1_epi8('a' - 'A')));
        }
        _mm_storeu_si128(reinterpret_cast<__m128i*>(at_ + i), bytes);
      }
      at_ += length;
      return;
    }
#endif
    for (std::size_t i = 0; i < length; ++i) {
      const char c = from[i];
      at_[i] = is_lower && c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    at_ += length;
  }

  [[gnu::noinline]] void grow(std::size_t bytes) {
    const std::size_t used = size();
    adopt(std::max(buffer_->size() * 3 / 2, used + bytes + 4 * kSlack), used);
  }
  void adopt(std::size_t capacity, std::size_t used) {
    buffer_->resize_and_overwrite(capacity, [](char*, std::size_t size) { return size; });
    begin_ = buffer_->data();
    at_ = begin_ + used;
    limit_ = begin_ + (buffer_->size() - kSlack);
  }

  std::string_view source_;
  std::string* buffer_ = nullptr;
  OffsetMap* map_ = nullptr;
  char* begin_ = nullptr;
  char* at_ = nullptr;
  char* limit_ = nullptr;
  Offset shift_ = 0;  // source minus view of the newest mark
};

}  // namespace backscan::php

// What stands where in a code view, 64 bytes at a time: the ground that syntax_signs.cc looks for
// its signs on. Its own file because it knows bytes and masks, and nothing of what they mean.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace backscan::rules {

/// What a byte is, in a table: this is asked of every other byte of all code.
enum ByteClass : std::uint8_t {
  kDigitByte = 1,
  kWordByte = 2,
  kForeignByte = 4,
  kEncodedByte = 8,
  kEscapeByte = 16,
  kHexByte = 32
};
inline constexpr auto kByteClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool is_digit = byte >= '0' && byte <= '9';
    const unsigned lower = byte | 0x20U;
    const bool is_letter = byte < 0x80 && lower >= 'a' && lower <= 'z';
    unsigned all = byte >= 0x80 ? kForeignByte : 0;
    if (is_digit) all |= kDigitByte;
    if (is_digit || is_letter || byte == '_') all |= kWordByte;
    if (is_digit || is_letter || byte == '+' || byte == '/' || byte == '=') all |= kEncodedByte;
    const bool is_hex = is_digit || (byte < 0x80 && lower >= 'a' && lower <= 'f');
    if (is_hex) all |= kHexByte;
    if (is_hex || byte == '\\' || byte == 'x' || byte == 'X') all |= kEscapeByte;
    classes[byte] = static_cast<std::uint8_t>(all);
  }
  return classes;
}();

[[nodiscard]] inline bool is_any_of(char c, unsigned classes) {
  return (kByteClasses[static_cast<unsigned char>(c)] & classes) != 0;
}

/// Jumps over a text, never back, by the masks of its blocks.
class BlockScan {
 public:
  static constexpr std::size_t kBlock = 64;  // bytes that are looked at together
  static constexpr std::size_t kSurelySeen = 60;

  explicit BlockScan(std::string_view text) : text_(text) { load(); }

  /// What can begin a sign: quotes, brackets behind closing ones; of variables what stands behind
  /// the dollar if it is no letter, else what stands behind the name if that is an opener.
  [[nodiscard]] std::size_t next_special(std::size_t at) { return next(at, specials_); }
  [[nodiscard]] std::size_t next_quote(std::size_t at) { return next(at, quotes_); }
  /// False if no kSurelySeen bytes in a row, in the blocks so far, are kEncodedByte.
  [[nodiscard]] bool may_hold_encoded() const { return may_hold_encoded_; }

 private:
  [[nodiscard]] std::size_t next(std::size_t at, const std::uint64_t& mask) {
    while (at < text_.size()) {
      while (at >= begin_ + kBlock) {
        begin_ += kBlock;
        load();
      }
      if (const std::uint64_t found = mask >> (at - begin_); found != 0)
        return at + static_cast<std::size_t>(std::countr_zero(found));
      at = begin_ + kBlock;
    }
    return text_.size();
  }

  void load();

  std::string_view text_;
  std::size_t begin_ = 0;  // of the block that the next two speak of, a bit for each byte
  std::uint64_t quotes_ = 0;
  std::uint64_t specials_ = 0;
  // The last byte of the block was a dollar, or one of a name: 1.
  std::uint64_t carried_dollar_ = 0;
  std::uint64_t carried_name_ = 0;
  bool may_hold_encoded_ = false;
};

}  // namespace backscan::rules

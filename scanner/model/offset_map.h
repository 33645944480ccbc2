// The way back from a view's offsets to its source's. Its own file because it is packed: a view has
// about one piece for every two tokens, and eight bytes for each would outweigh the view.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace backscan {

/// Offsets are 32 bits: no file above 4 GiB is ever read whole (--max-filesize is capped there).
using Offset = std::uint32_t;

/// Piecewise map from offsets of a view to offsets of its source. Inside a piece offsets run in
/// step; folded text (an escape, a concatenation) is a piece of its own start. An empty map is the
/// identity. Cleared, it keeps its memory for the next file.
class OffsetMap {
 public:
  /// Pieces must come in rising `view` order. A piece that only continues the last one is dropped;
  /// one at the same `view` replaces it.
  void add(Offset view, Offset source) {
    if (!empty()) {
      if (source - view == last_.source - last_.view) return;
      if (view == last_.view) {
        last_.source = source;
        return;
      }
      store_last();
    }
    last_ = {view, source};
    ++count_;
  }

  /// Text that is longer than what it was made from ("shell_exec(" for a backtick) must not map
  /// behind the source's last byte. Call it once the map is complete.
  void end_at(Offset source_size) { last_byte_ = source_size == 0 ? 0 : source_size - 1; }

  /// Leaves making the map to whoever asks for a place first: hardly a view in a thousand is asked.
  /// Whatever `make` reads must be there until then.
  struct Maker {
    OffsetMap (*make)(std::string_view source, std::uint32_t how) = nullptr;
    std::string_view source;
    std::uint32_t how = 0;
  };
  void defer(const Maker& maker) {
    clear();
    maker_ = maker;
  }

  [[nodiscard]] Offset to_source(Offset view) const {
    if (maker_.make != nullptr) {
      const Maker maker = std::exchange(maker_, {});
      // Only what is remembered changes, as with a cache.
      const_cast<OffsetMap&>(*this) = maker.make(maker.source, maker.how);
    }
    return empty() ? view : std::min(unbounded(view), last_byte_);
  }

  void clear() {
    maker_ = {};
    count_ = 0;
    used_ = 0;
    last_byte_ = kNoEnd;
    blocks_.clear();
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }

 private:
  struct Piece {
    Offset view = 0;
    Offset source = 0;
  };
  /// Every so many pieces stand unpacked, for the binary search.
  static constexpr std::size_t kBlockPieces = 64;
  struct Block {
    Piece first;
    std::size_t byte = 0;  // where the packed pieces behind it begin
  };
  static constexpr std::size_t kMaxPackedBytes = 10;
  static constexpr Offset kNoEnd = 0xffffffff;

  /// Packed pieces are two numbers of seven bits a byte: the step in the view, and how much further
  /// (zigzag) the source stepped.
  struct Reader {
    const std::uint8_t* at;

    std::uint32_t number() {
      std::uint32_t value = 0;
      for (unsigned shift = 0;; shift += 7) {
        const std::uint8_t byte = *at++;
        value |= (byte & 0x7fU) << shift;
        if (byte < 0x80) return value;
      }
    }
    Piece next(Piece piece) {
      const std::uint32_t step = number();
      const std::uint32_t zigzag = number();
      const std::uint32_t drift = (zigzag >> 1U) ^ (0U - (zigzag & 1U));
      return {piece.view + step, piece.source + step + drift};
    }
  };

  [[nodiscard]] Offset unbounded(Offset view) const {
    if (view >= last_.view) return last_.source + (view - last_.view);
    const auto after = std::ranges::upper_bound(
        blocks_, view, {}, [](const Block& block) { return block.first.view; });
    if (after == blocks_.begin()) return first_source();
    const Block& block = *(after - 1);
    Piece piece = block.first;
    Reader reader{bytes_.data() + block.byte};
    const auto before = static_cast<std::size_t>(&block - blocks_.data()) * kBlockPieces;
    const std::size_t in_block = std::min(kBlockPieces, count_ - 1 - before);
    for (std::size_t i = 1; i < in_block; ++i) {
      const Piece next = reader.next(piece);
      if (next.view > view) break;
      piece = next;
    }
    return piece.source + (view - piece.view);
  }

  void store_last() {
    const std::size_t index = count_ - 1;
    if (index % kBlockPieces == 0) {
      blocks_.push_back({last_, used_});
    } else {
      if (bytes_.size() - used_ < kMaxPackedBytes) bytes_.resize(bytes_.size() * 3 / 2 + 4096);
      const std::uint32_t step = last_.view - stored_.view;
      const std::uint32_t drift = last_.source - stored_.source - step;
      const std::uint32_t zigzag = (drift << 1U) ^ (0U - (drift >> 31U));
      if ((step | zigzag) < 0x80) {
        bytes_[used_] = static_cast<std::uint8_t>(step);
        bytes_[used_ + 1] = static_cast<std::uint8_t>(zigzag);
        used_ += 2;
      } else {
        write_number(step);
        write_number(zigzag);
      }
    }
    stored_ = last_;
  }

  void write_number(std::uint32_t value) {
    for (; value >= 0x80; value >>= 7U) bytes_[used_++] = static_cast<std::uint8_t>(value | 0x80U);
    bytes_[used_++] = static_cast<std::uint8_t>(value);
  }

  [[nodiscard]] Offset first_source() const {
    return blocks_.empty() ? last_.source : blocks_.front().first.source;
  }

  std::vector<std::uint8_t> bytes_;  // packed pieces; `used_` of them, the rest is room
  std::size_t used_ = 0;
  std::vector<Block> blocks_;
  Piece stored_;  // the piece packed last
  Piece last_;    // the newest piece, not packed yet: it may still be replaced
  std::size_t count_ = 0;
  Offset last_byte_ = kNoEnd;
  mutable Maker maker_;
};

}  // namespace backscan

// Pieces of any size and alignment, apart from each other.
#include "base/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>

namespace backscan::testing {
namespace {

TEST(Arena, PiecesAreAlignedAndDoNotOverlap) {
  Arena arena;
  std::vector<std::pair<unsigned char*, std::size_t>> pieces;
  for (std::size_t i = 0; i < 3000; ++i) {
    const std::size_t bytes = (i * 37) % 700 + (i % 500 == 499 ? 600'000 : 1);
    const std::size_t alignment = std::size_t{1} << (i % 5);
    auto* piece = static_cast<unsigned char*>(arena.allocate(bytes, alignment));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(piece) % alignment, 0u);
    std::memset(piece, static_cast<int>(i % 251), bytes);
    pieces.emplace_back(piece, bytes);
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto [piece, bytes] = pieces[i];
    ASSERT_EQ(piece[0], i % 251);
    ASSERT_EQ(piece[bytes - 1], i % 251);
  }
}

}  // namespace
}  // namespace backscan::testing

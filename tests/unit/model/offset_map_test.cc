#include "model/offset_map.h"

#include <gtest/gtest.h>

#include <random>
#include <utility>
#include <vector>

namespace backscan {
namespace {

TEST(OffsetMap, IsTheIdentityWhileEmpty) {
  const OffsetMap map;
  EXPECT_EQ(map.to_source(0), 0U);
  EXPECT_EQ(map.to_source(123), 123U);
}

TEST(OffsetMap, RunsInStepInsideAPiece) {
  OffsetMap map;
  map.add(0, 10);
  map.add(5, 40);
  EXPECT_EQ(map.to_source(0), 10U);
  EXPECT_EQ(map.to_source(4), 14U);
  EXPECT_EQ(map.to_source(5), 40U);
  EXPECT_EQ(map.to_source(1000), 1035U);
}

TEST(OffsetMap, LetsTheLatestPieceAtAPlaceWin) {
  OffsetMap map;
  map.add(0, 0);
  map.add(7, 20);
  map.add(7, 30);
  EXPECT_EQ(map.to_source(6), 6U);
  EXPECT_EQ(map.to_source(7), 30U);
}

TEST(OffsetMap, PlacesWhatStandsBeforeTheFirstPieceAtItsStart) {
  OffsetMap map;
  map.add(4, 100);
  map.add(9, 200);
  EXPECT_EQ(map.to_source(0), 100U);
}

TEST(OffsetMap, ForgetsWhenCleared) {
  OffsetMap map;
  map.add(0, 10);
  map.clear();
  EXPECT_TRUE(map.empty());
  EXPECT_EQ(map.to_source(3), 3U);
}

// The packed form against a plain list, over steps of all sizes, also backwards in the source.
TEST(OffsetMap, AgreesWithAPlainListOfPieces) {
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    OffsetMap map;
    std::vector<std::pair<Offset, Offset>> pieces;
    Offset view = 0;
    for (int i = 0; i < 1000; ++i) {
      const auto source = static_cast<Offset>(random() >> (random() % 31));
      map.add(view, source);
      pieces.emplace_back(view, source);
      view += static_cast<Offset>(1 + (random() >> (12 + random() % 20)));
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const Offset next = i + 1 < pieces.size() ? pieces[i + 1].first : pieces[i].first + 100;
      ASSERT_EQ(map.to_source(pieces[i].first), pieces[i].second);
      ASSERT_EQ(map.to_source(next - 1), pieces[i].second + (next - 1 - pieces[i].first));
    }
  }
}

}  // namespace
}  // namespace backscan

// The store hands out references into it for as long as a log is read.
#include "mail/growing_list.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace backscan::mail {
namespace {

TEST(GrowingList, KeepsEveryItemAtItsPlaceAndInOrder) {
  GrowingList<std::string> list;
  std::vector<const std::string*> places;
  for (int i = 0; i < 100'000; ++i) {
    std::string& item = list.add();
    item = "text " + std::to_string(i) + " of more than a few bytes";
    places.push_back(&item);
  }
  ASSERT_EQ(list.size(), 100'000u);
  std::size_t at = 0;
  for (const std::string& item : list) {
    ASSERT_EQ(&item, places[at]);
    ASSERT_EQ(&list[at], places[at]);
    ASSERT_EQ(item, "text " + std::to_string(at) + " of more than a few bytes");
    ++at;
  }
  EXPECT_EQ(at, list.size());
}

TEST(GrowingList, MovesWithoutMovingItsItems) {
  GrowingList<std::string> list;
  for (int i = 0; i < 200; ++i) list.add() = std::to_string(i);
  const std::string* const last = &list[199];
  GrowingList<std::string> other;
  other = std::move(list);
  EXPECT_EQ(&other[199], last);
  EXPECT_EQ(other.size(), 200u);
  GrowingList<std::string> third(std::move(other));
  EXPECT_EQ(&third[199], last);
  third.add() = "next";
  EXPECT_EQ(third[200], "next");
}

}  // namespace
}  // namespace backscan::mail

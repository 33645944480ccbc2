// One finding a place (merge_places.h).
#include "rules/merge_places.h"

#include <algorithm>
#include <tuple>

#include "rules/program.h"

namespace backscan::rules {

void merge_places(std::vector<Match>& matches, std::size_t first) {
  if (matches.size() - first < 2) return;
  const auto begin = matches.begin() + static_cast<std::ptrdiff_t>(first);
  // Of the same place the outermost text comes first, and there the raw one.
  std::stable_sort(begin, matches.end(), [](const Match& a, const Match& b) {
    return std::tuple(a.place.begin, a.layer, a.view) < std::tuple(b.place.begin, b.layer, b.view);
  });
  auto kept = begin;
  for (auto it = begin + 1; it != matches.end(); ++it) {
    const bool is_same = it->place == kept->place;
    const bool overlaps = it->fact == nullptr && it->place.begin < kept->place.end;
    if (is_same || overlaps) continue;
    *++kept = *it;
  }
  matches.erase(kept + 1, matches.end());
  if (matches.size() - first > kMaxPlaces) matches.resize(first + kMaxPlaces);
}

}  // namespace backscan::rules

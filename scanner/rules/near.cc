// `near` (near.h): one walk along all lists at once, always stepping past the foremost place.
#include "rules/near.h"

#include <algorithm>
#include <tuple>

namespace backscan::rules {
namespace {

auto key(const Place& place) {
  return std::tuple(place.fed, place.span.begin);
}

}  // namespace

std::vector<Place> near_clusters(const std::vector<std::span<const Place>>& lists,
                                 std::uint32_t bytes, std::size_t max_clusters) {
  std::vector<Place> clusters;
  std::vector<std::size_t> at(lists.size(), 0);
  while (clusters.size() < max_clusters) {
    std::size_t first = 0;
    std::size_t last = 0;
    for (std::size_t i = 0; i < lists.size(); ++i) {
      if (at[i] == lists[i].size()) return clusters;
      if (key(lists[i][at[i]]) < key(lists[first][at[first]])) first = i;
      if (key(lists[i][at[i]]) > key(lists[last][at[last]])) last = i;
    }
    const Place& begin = lists[first][at[first]];
    const Place& end = lists[last][at[last]];
    if (begin.fed == end.fed && end.span.begin - begin.span.begin <= bytes) {
      clusters.push_back(begin);
      // The next cluster shares no place with this one.
      for (std::size_t& index : at) ++index;
    } else {
      ++at[first];
    }
  }
  return clusters;
}

}  // namespace backscan::rules

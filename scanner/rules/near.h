// `near`: places of several patterns that lie close together in one text.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rules/confirmer.h"

namespace backscan::rules {

/// Of each cluster with one place from every list, all in one fed view and beginning within `bytes`
/// of each other, the first place; at most `max_clusters`. Each list is sorted by (fed, begin).
[[nodiscard]] std::vector<Place> near_clusters(const std::vector<std::span<const Place>>& lists,
                                               std::uint32_t bytes, std::size_t max_clusters);

}  // namespace backscan::rules

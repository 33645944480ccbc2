// The choice of one of N parts of a shared store: which names belong to this run.
#pragma once

#include <string_view>

#include "walk/walk.h"

namespace backscan::walk {

/// Whether `key` belongs to part k of n. XXH3 with its default seed: the same on every machine and
/// in every version, so that hosts which know nothing of each other agree.
[[nodiscard]] bool is_in_shard(const Shard& shard, std::string_view key);

}  // namespace backscan::walk

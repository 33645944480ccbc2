// Separate from walk.cc so that the hash, which must never change, stands alone.
#include "walk/shard.h"

#include <xxhash.h>

namespace backscan::walk {

bool is_in_shard(const Shard& shard, std::string_view key) {
  if (shard.n <= 1) return true;
  return XXH3_64bits(key.data(), key.size()) % shard.n + 1 == shard.k;
}

}  // namespace backscan::walk

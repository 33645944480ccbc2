// Where things stand in a hash list (hash_list.h); shared by its reader and its writer only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace backscan::external {

inline constexpr std::string_view kHashListMagic = "bshash1\n";
inline constexpr std::string_view kHashListSuffix = ".hashes";
inline constexpr std::size_t kCountsAt = 16;
inline constexpr std::size_t kNamesSizeAt = kCountsAt + 3 * sizeof(std::uint64_t);
inline constexpr std::size_t kHeadBytes = kNamesSizeAt + sizeof(std::uint64_t);
inline constexpr std::size_t kTrailerBytes = sizeof(std::uint64_t);

}  // namespace backscan::external

// Digests that lists of files and of malware are made of. Of base/ because vendors' checksums
// (known/), hash lists (external/) and what is compared with them (scan/) all speak of the same
// kinds.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace backscan {

enum class HashKind : std::uint8_t { kMd5, kSha1, kSha256 };
inline constexpr std::array kHashKinds = {HashKind::kMd5, HashKind::kSha1, HashKind::kSha256};
inline constexpr std::array<std::size_t, 3> kHashBytes = {16, 20, 32};
inline constexpr std::array<std::string_view, 3> kHashNames = {"MD5", "SHA-1", "SHA-256"};
[[nodiscard]] constexpr std::size_t index_of(HashKind kind) {
  return static_cast<std::size_t>(kind);
}

/// The digest of `bytes`, as bytes.
[[nodiscard]] std::string digest_of(HashKind kind, std::string_view bytes);

/// Bytes from hexadecimal digits of either case; nothing for any other text.
[[nodiscard]] std::optional<std::string> bytes_of_hex(std::string_view digits);

/// Lower-case hexadecimal digits.
[[nodiscard]] std::string hex_of(std::string_view bytes);

}  // namespace backscan

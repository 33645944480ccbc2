// One line of ClamAV's and LMD's signature lists, as it stands there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "external/hash_list.h"

namespace backscan::external {

/// `.hdb`, `.hsb`, `md5v2.dat`: HASH:SIZE:NAME; `.ndb`: NAME:TARGET:OFFSET:HEX; `hex.dat`: HEX:NAME.
enum class ListFormat : std::uint8_t { kHashes, kBodies, kHexes };

/// By the name of the file; nothing for one that no format is known by.
[[nodiscard]] std::optional<ListFormat> format_of_name(std::string_view path);
/// "hashes", "bodies" or "hexes", as `--format` says it.
[[nodiscard]] std::optional<ListFormat> parse_list_format(std::string_view name);

struct HashSignature {
  HashKind kind = HashKind::kMd5;
  std::string digest;  // as bytes
  std::uint64_t size = kAnySize;
  std::string_view name;
};

struct BodySignature {
  std::string_view name;
  std::string_view target = "0";
  std::string_view offset = "*";
  std::string_view hex;
};

using Signature = std::variant<HashSignature, BodySignature>;

/// The signature of `line`, which holds its views; nothing for an empty line or a comment. The error's
/// object is the name, where that is known.
[[nodiscard]] Result<std::optional<Signature>> read_signature(ListFormat format, std::string_view line);

}  // namespace backscan::external

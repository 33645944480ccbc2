// Which release a tree is: decided once when a manifest is made, and asked again for every
// directory of a scan that may be an installation.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "known/manifest.h"

namespace backscan::known {

/// The text of a file below a tree's root; nothing where there is none, or it is larger than a mark
/// may be.
using TreeReader = std::function<std::optional<std::string>(std::string_view path)>;
inline constexpr std::size_t kMaxMarkBytes = std::size_t{512} << 10;

/// Fills in product, version, mark, sealed and loose places of a manifest that lists its files, as
/// far as they are empty. `mark`: a listed path, or empty. `read`: the tree's files; empty where
/// only checksums are at hand. The error's object is empty.
[[nodiscard]] Result<void> name_release(Manifest& manifest, std::string_view mark,
                                        const TreeReader& read);

/// Whether `text`, the file at the manifest's mark, is of this release. `digest_fits`: it is the
/// listed one.
[[nodiscard]] bool bears_mark(const Mark& mark, std::string_view text, bool digest_fits);

}  // namespace backscan::known

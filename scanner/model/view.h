// A view is one reading of a file's bytes (DESIGN.md, "What is scanned") with a map back to the
// file. php/ makes views, rules/ matches them; neither knows the other, so the type lives here.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/offset_map.h"

namespace backscan {

enum class ViewKind : std::uint8_t { kRaw, kCode, kText, kUnpacked, kFlow, kPath };
inline constexpr std::array<std::string_view, 6> kViewNames = {"raw",      "code", "text",
                                                               "unpacked", "flow", "path"};
[[nodiscard]] constexpr std::string_view name_of(ViewKind v) {
  return kViewNames[static_cast<std::size_t>(v)];
}

struct Span {
  Offset begin = 0;
  Offset end = 0;
  bool operator==(const Span&) const = default;
};

/// A reading of a file: `text` in the view's own offsets, `map` back to the text it was made from
/// (the file, or the layer that holds it).
struct View {
  ViewKind kind = ViewKind::kRaw;
  std::string_view text;
  const OffsetMap* map = nullptr;  // null: identity
};

/// One unpacked layer of a packed file. `text` is what the layer holds, `steps` the unpacking
/// steps, outermost first ("eval", "gzinflate", "base64_decode"); `origin` is where the packed text
/// of the outermost layer stands in the file on disk.
struct Layer {
  std::vector<std::string> steps;
  std::string text;
  Span origin;
  std::uint32_t depth = 1;   // 1: directly inside the file
  std::uint32_t parent = 0;  // index + 1 of the layer that holds this one; 0: the file itself
};

}  // namespace backscan

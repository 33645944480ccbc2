// An injected block out of an honest file, or nothing: the rest must be the program it was before.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/view.h"

namespace re2 {
class RE2;
}

namespace backscan::response {

/// Where `block` matches: the whole match, or its first group if it has one. In order, apart.
[[nodiscard]] std::vector<Span> find_blocks(std::string_view content, const re2::RE2& block);

/// `content` without the blocks. Refused, with the reason, where a block cuts a token, does not end
/// where a statement ends, leaves brackets open, or where the rest would not be split into the same
/// tokens without it, or is nothing.
[[nodiscard]] Result<std::string> without_blocks(std::string_view content,
                                                 const std::vector<Span>& blocks);

}  // namespace backscan::response

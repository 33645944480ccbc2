// The `code` and `text` views of a PHP file, built from its tokens in one pass (DESIGN.md).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/view.h"
#include "php/token.h"

namespace backscan::php {

/// Reused between files by the caller: buffers keep their capacity.
struct CodeViews {
  std::string code;    // comments and inline HTML gone, white space collapsed, names lower-cased,
  OffsetMap code_map;  // adjacent constant strings folded
  std::string text;    // string literals' values and heredocs, one a line
  OffsetMap text_map;
};

/// Fills `views` from `tokens` of `source`. Linear time; output at most about twice the source.
void build_views(std::string_view source, std::span<const Token> tokens, CodeViews& views);

}  // namespace backscan::php

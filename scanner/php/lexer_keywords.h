// PHP's reserved words, looked up without a branch that depends on the word: two eight-byte
// compares in a perfect hash. Its own file because the table is data and the hash is a small puzzle.
#pragma once

#include <string_view>

#include "php/token.h"

namespace backscan::php {

/// The kind of a word, TokenKind::String where it is not reserved. ASCII case is ignored. `enum`,
/// `yield` and `namespace` are reported as such; their context is the lexer's business.
[[nodiscard]] TokenKind keyword_kind(std::string_view word);

}  // namespace backscan::php

// What the bytes between quotes mean. Apart from the parser, because it is about bytes, not tokens.
#pragma once

#include <string>
#include <string_view>

namespace backscan::php {

/// The value of the inside of a single-quoted string: only \\ and \' are escapes.
[[nodiscard]] std::string decode_single_quoted(std::string_view inside);

/// The value of double-quoted, backtick (`quote` is that character) or heredoc text (`quote` 0):
/// \n \t \r \v \e \f \\ \$ \quote, octal, \xHH and \u{H…}; any other backslash stands for itself.
[[nodiscard]] std::string decode_escapes(std::string_view inside, char quote);

}  // namespace backscan::php

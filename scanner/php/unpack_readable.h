// Whether a decoded text reads like a program or a page: what is worth showing as a layer even where
// nothing was seen running it.
#pragma once

#include <string_view>

namespace backscan::php {

/// PHP, Perl, shell, HTML or script, of some length and printable.
[[nodiscard]] bool is_readable_program(std::string_view text);

/// PHP without an open tag, as eval() takes it.
[[nodiscard]] bool is_bare_php(std::string_view text);

}  // namespace backscan::php

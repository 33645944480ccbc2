// The second reading of a file that mixes tags. php.ini decides whether `<?` and `<%` open PHP, and
// whoever scans cannot know: read as code, `<? /*` swallows the `<?php` behind it; read as text, what
// stands in `<? … ?>` is missed. So such a file is read both ways. Its own file because the lexer
// knows one way at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace backscan::php {

/// `source` with its short and ASP open tags blanked, byte for byte as long: what a server reads that
/// takes neither. Nothing where that would change nothing that matters: no such tag stands before
/// some `<?php` or `<?=`.
[[nodiscard]] std::optional<std::string> without_short_tags(std::string_view source);

}  // namespace backscan::php

// What of a match is shown: a short, safe piece of text around it, with mail addresses masked.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/view.h"

namespace backscan::scan {

inline constexpr std::size_t kMaxExcerptBytes = 240;

/// `text` with the local part of each mail address cut to its first byte: "j***@example.com".
[[nodiscard]] std::string mask_addresses(std::string_view text);

/// At most `max_bytes` of valid UTF-8 around `place` of `text`, from its line where that is short;
/// controls escaped; addresses masked unless `show_addresses`.
[[nodiscard]] std::string excerpt_of(std::string_view text, Span place, bool show_addresses,
                                     std::size_t max_bytes = kMaxExcerptBytes);

}  // namespace backscan::scan

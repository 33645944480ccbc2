// What an action amounts to in a shell, for people who want to see or do it by hand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "response/journal.h"

namespace backscan::response {

/// One shell word that means exactly these bytes, printable on a terminal: 'text', or $'text' with
/// escapes where control characters, quotes or bytes that are not UTF-8 stand in it (bash, zsh, ksh).
[[nodiscard]] std::string shell_quote(std::string_view bytes);

/// `kept` is where the content goes to or comes from.
[[nodiscard]] std::vector<std::string> quarantine_commands(const std::string& path,
                                                           const std::string& kept,
                                                           std::uint32_t flags);
[[nodiscard]] std::vector<std::string> restore_commands(const Entry& entry,
                                                        const std::string& kept);

}  // namespace backscan::response

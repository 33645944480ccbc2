// Lines of configuration text with their numbers; shared by the readers of panels' and MTAs' files.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace backscan::hosting {

/// Calls `use` with each line, without its line end, and its 1-based number.
void for_each_line(std::string_view text,
                   const std::function<void(std::string_view, std::size_t)>& use);

/// Words between ASCII blanks.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view text);

/// Parts between single characters of `separators`, trimmed, empty ones left out.
[[nodiscard]] std::vector<std::string_view> split_at(std::string_view text,
                                                     std::string_view separators);

/// "path:12".
[[nodiscard]] std::string place_of(const std::string& path, std::size_t line);

/// Without one pair of enclosing quotes of either kind.
[[nodiscard]] std::string_view unquoted(std::string_view text);

}  // namespace backscan::hosting

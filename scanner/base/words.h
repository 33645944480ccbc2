// Numbers and lists as people read them; of base/ because reports, ranks and progress all say them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace backscan {

/// "12,345".
[[nodiscard]] std::string grouped(std::uint64_t number);

/// "1 finding", "12,345 findings"; `plural` where an s is not enough.
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view noun,
                                  std::string_view plural = {});

/// Powers of 1,000: "512 bytes", "1.2 MB".
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

[[nodiscard]] std::string joined(const std::vector<std::string>& parts,
                                 std::string_view separator = ", ");

/// The first `most` of them: "a, b and 12 more".
[[nodiscard]] std::string joined_first(std::span<const std::string> parts, std::size_t most);

/// Lines of at most `width` code points, broken at blanks; a longer word stays whole.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// "path:12:5", "path:12" or "path", as compilers write places and editors open them.
[[nodiscard]] std::string place_text(std::string_view path, std::size_t line, std::size_t column);

}  // namespace backscan

// Spellings that only the outputs need; the model's own vocabularies are in model/.
#pragma once

#include <array>
#include <string_view>

#include "model/sender.h"

namespace backscan::report {

inline constexpr std::array<std::string_view, 6> kAttributionNames = {
    "php-header-path", "php-mail-log", "cwd-and-script", "uid-and-owner", "uid-only", "none"};

[[nodiscard]] constexpr std::string_view name_of(Attribution attribution) {
  return kAttributionNames[static_cast<std::size_t>(attribution)];
}

}  // namespace backscan::report

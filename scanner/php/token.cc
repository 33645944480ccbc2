// PHP's own names of the token kinds, for the differential test and for explanations.
#include "php/token.h"

#include <array>
#include <cstddef>

namespace backscan::php {

std::string_view php_name(TokenKind kind) {
  static constexpr auto kNames = std::to_array<std::string_view>({
      "CHAR",
#define X(name, php_name) php_name,
      BACKSCAN_PHP_TOKENS(X)
#undef X
  });
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace backscan::php

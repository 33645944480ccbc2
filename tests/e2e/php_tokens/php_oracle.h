// PHP's own tokenizer as an oracle: texts go to a php-cli process as data, its tokens come back.
// Apart from the test so that the test reads as what it claims.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace backscan::php_tokens {

struct OracleToken {
  std::uint8_t kind = 0;  // php::TokenKind as a number
  std::uint32_t length = 0;
};

class PhpOracle {
 public:
  /// `directory`: a scratch directory of the caller's.
  explicit PhpOracle(std::filesystem::path directory);

  /// False where there is no php-cli with the tokenizer extension.
  [[nodiscard]] bool is_available() const { return is_available_; }

  /// Tokens of every text, by token_get_all(). Throws std::runtime_error if PHP fails.
  [[nodiscard]] std::vector<std::vector<OracleToken>> tokens(
      const std::vector<std::string_view>& texts, bool short_tags) const;

 private:
  std::filesystem::path directory_;
  bool is_available_ = false;
};

}  // namespace backscan::php_tokens

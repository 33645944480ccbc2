#include "php_oracle.h"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "php/token.h"

namespace backscan::php_tokens {
namespace {

void append_u32(std::string& out, std::size_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    out.push_back(static_cast<char>(value >> shift & 0xffU));
  }
}

/// Reads the oracle's answer front to back; running out of bytes means that PHP died half way.
class Reader {
 public:
  explicit Reader(std::string bytes) : bytes_(std::move(bytes)) {}

  std::uint32_t u32() {
    const std::string_view four = take(4);
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) {
      value = value << 8U | static_cast<unsigned char>(four[i]);
    }
    return value;
  }
  std::string_view take(std::size_t count) {
    if (count > bytes_.size() - at_) throw std::runtime_error("php: the answer is cut short");
    at_ += count;
    return std::string_view(bytes_).substr(at_ - count, count);
  }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace

PhpOracle::PhpOracle(std::filesystem::path directory) : directory_(std::move(directory)) {
  std::ofstream names(directory_ / "names");
  for (int kind = 1; kind <= static_cast<int>(php::TokenKind::PaamayimNekudotayim); ++kind) {
    names << php::php_name(static_cast<php::TokenKind>(kind)) << '\n';
  }
  is_available_ =
      std::system("php -r 'exit(function_exists(\"token_get_all\") ? 0 : 1);' 2>&1") == 0;
}

std::vector<std::vector<OracleToken>> PhpOracle::tokens(const std::vector<std::string_view>& texts,
                                                        bool short_tags) const {
  {
    std::string batch;
    for (const std::string_view text : texts) {
      append_u32(batch, text.size());
      batch += text;
    }
    std::ofstream(directory_ / "batch", std::ios::binary) << batch;
  }
  const std::string quoted = "'" + directory_.string() + "/";
  const std::string command =
      "php -d memory_limit=-1 -d short_open_tag=" + std::string(short_tags ? "1" : "0") + " '" +
      PHP_TOKENS_DIR "/dump_tokens.php' " + quoted + "names' " + quoted + "batch' > " + quoted +
      "tokens'";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("php: exited with an error");

  std::ifstream file(directory_ / "tokens", std::ios::binary);
  Reader reader(std::string(std::istreambuf_iterator<char>(file), {}));
  std::vector<std::vector<OracleToken>> answer(texts.size());
  for (auto& tokens : answer) {
    tokens.resize(reader.u32());
    const std::string kinds(reader.take(tokens.size()));
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      tokens[i] = {static_cast<std::uint8_t>(kinds[i]), reader.u32()};
    }
  }
  return answer;
}

}  // namespace backscan::php_tokens

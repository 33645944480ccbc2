// Lexer and views on any bytes: tokens cover the text without gaps, portions do not change them, the
// views are the same from either way of feeding tokens, and their maps stay inside the text.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "php/lexer.h"
#include "php/views.h"

namespace {

namespace php = backscan::php;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_tokens(std::string_view text, const php::LexOptions& options) {
  std::vector<php::Token> tokens;
  php::lex(text, options, tokens);
  backscan::Offset at = 0;
  for (const php::Token& token : tokens) {
    require(token.begin == at && token.end >= at);
    at = token.end;
  }
  require(at == text.size());

  php::Lexer lexer(text, options);
  std::array<php::Token, php::Lexer::kMinPortion + 1> portion;
  std::size_t next = 0;
  while (const std::size_t count = lexer.next(portion)) {
    require(next + count <= tokens.size());
    require(std::equal(portion.begin(), portion.begin() + static_cast<std::ptrdiff_t>(count),
                       tokens.begin() + static_cast<std::ptrdiff_t>(next)));
    next += count;
  }
  require(next == tokens.size());
}

void check_map(const std::string& view, const backscan::OffsetMap& map, std::string_view text) {
  for (std::size_t i = 0; i < view.size(); ++i) {
    require(map.to_source(static_cast<backscan::Offset>(i)) <= text.size());
  }
}

void check_views(std::string_view text, const php::LexOptions& options) {
  php::CodeViews views;
  php::build_views(text, options, views);
  require(views.code.size() <= 8 * text.size() + 64 && views.text.size() <= 3 * text.size() + 64);
  check_map(views.code, views.code_map, text);
  check_map(views.text, views.text_map, text);
  php::CodeViews by_tokens;
  std::vector<php::Token> tokens;
  php::lex(text, options, tokens);
  php::build_views(text, std::span<const php::Token>(tokens), by_tokens);
  require(views.code == by_tokens.code && views.text == by_tokens.text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool tolerant : {true, false}) {
    const php::LexOptions options{.short_tags = tolerant, .asp_tags = tolerant};
    check_tokens(text, options);
    check_views(text, options);
  }
  return 0;
}

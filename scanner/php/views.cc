#include "php/views.h"

#include <algorithm>
#include <array>

#include "php/lexer.h"
#include "php/view_builder.h"

namespace backscan::php {
namespace {

/// Small enough for the first-level cache.
constexpr std::size_t kPortion = 1024;

/// Feeds `builder` from `fill(room) -> tokens written`, keeping its look-ahead readable.
template <class Fill>
void feed(ViewBuilder& builder, Fill fill) {
  std::array<Token, kPortion + 2 * ViewBuilder::kLookAhead> buffer;
  std::size_t held = 0;
  bool is_more = true;
  while (is_more || held > 0) {
    while (is_more && held < kPortion) {
      const std::size_t added = fill(std::span(buffer).subspan(held, kPortion +
                                                               ViewBuilder::kLookAhead - held));
      is_more = added > 0;
      held += added;
    }
    if (!is_more) {
      std::fill_n(buffer.begin() + static_cast<std::ptrdiff_t>(held), ViewBuilder::kLookAhead,
                  ViewBuilder::kPadding);
    }
    const std::size_t stop = is_more ? held - ViewBuilder::kLookAhead : held;
    const std::size_t used = std::min(builder.consume(buffer.data(), stop), held);
    std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(used),
              buffer.begin() + static_cast<std::ptrdiff_t>(held), buffer.begin());
    held -= used;
  }
  builder.finish();
}

}  // namespace

void build_views(std::string_view source, const LexOptions& options, CodeViews& views) {
  Lexer lexer(source, options);
  lexer.skip_trivia();
  ViewBuilder builder(source, views);
  feed(builder, [&](std::span<Token> room) { return lexer.next(room); });
}

void build_views(std::string_view source, std::span<const Token> tokens, CodeViews& views) {
  ViewBuilder builder(source, views);
  auto next = tokens.begin();
  feed(builder, [&](std::span<Token> room) {
    std::size_t count = 0;
    for (; next != tokens.end() && count < room.size(); ++next) {
      using enum TokenKind;
      if (next->kind == Whitespace || next->kind == Comment || next->kind == DocComment) continue;
      room[count++] = *next;
    }
    return count;
  });
}

}  // namespace backscan::php

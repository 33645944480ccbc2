#include "php/views.h"

#include <algorithm>
#include <array>
#include <utility>

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
      const std::size_t added =
          fill(std::span(buffer).subspan(held, kPortion + ViewBuilder::kLookAhead - held));
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

/// What plain() leaves over goes through tokens, a statement at a time.
void build(std::string_view source, const LexOptions& options, CodeViews& views, bool has_maps) {
  constexpr std::size_t kRoom = kPortion + 2 * ViewBuilder::kLookAhead;
  Lexer lexer(source, options);
  lexer.skip_trivia();
  ViewBuilder builder(source, views, has_maps);
  std::array<Token, kRoom> buffer;
  std::size_t held = 0;
  while (true) {
    if (held == 0 && lexer.is_in_program() && builder.is_between_constructs()) builder.plain(lexer);
    const std::size_t room = kPortion + ViewBuilder::kLookAhead - held;
    const std::size_t added = lexer.next_statement(std::span(buffer).subspan(held, room));
    held += added;
    const bool is_end =
        added == 0 || (lexer.is_in_program() && Lexer::ends_statement(buffer[held - 1], source));
    if (is_end) {
      std::fill_n(buffer.begin() + static_cast<std::ptrdiff_t>(held), ViewBuilder::kLookAhead,
                  ViewBuilder::kPadding);
    }
    const std::size_t stop = is_end ? held : held - std::min(held, ViewBuilder::kLookAhead);
    const std::size_t used = std::min(builder.consume(buffer.data(), stop), held);
    std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(used),
              buffer.begin() + static_cast<std::ptrdiff_t>(held), buffer.begin());
    held -= used;
    if (added == 0 && held == 0) break;
  }
  builder.finish();
}

// LexOptions as one number, which a map that is made later keeps.
constexpr std::uint32_t kShortTags = 1;
constexpr std::uint32_t kAspTags = 2;

std::uint32_t packed(const LexOptions& options) {
  return (options.short_tags ? kShortTags : 0) | (options.asp_tags ? kAspTags : 0);
}

LexOptions unpacked(std::uint32_t how) {
  return {.short_tags = (how & kShortTags) != 0, .asp_tags = (how & kAspTags) != 0};
}

template <OffsetMap CodeViews::*map>
OffsetMap make_map(std::string_view source, std::uint32_t how) {
  CodeViews views;
  build(source, unpacked(how), views, true);
  return std::move(views.*map);
}

}  // namespace

void build_views(std::string_view source, const LexOptions& options, CodeViews& views) {
  build(source, options, views, false);
  const std::uint32_t how = packed(options);
  views.code_map.defer({.make = make_map<&CodeViews::code_map>, .source = source, .how = how});
  views.text_map.defer({.make = make_map<&CodeViews::text_map>, .source = source, .how = how});
}

void build_views(std::string_view source, std::span<const Token> tokens, CodeViews& views) {
  ViewBuilder builder(source, views, true);
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

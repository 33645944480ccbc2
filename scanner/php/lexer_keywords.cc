#include "php/lexer_keywords.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace backscan::php {
namespace {

struct Keyword {
  std::string_view word;
  TokenKind kind;
};

using enum TokenKind;
constexpr auto kKeywords = std::to_array<Keyword>({
    {"include", Include}, {"include_once", IncludeOnce}, {"eval", Eval}, {"require", Require},
    {"require_once", RequireOnce}, {"or", LogicalOr}, {"xor", LogicalXor}, {"and", LogicalAnd},
    {"print", Print}, {"yield", Yield}, {"instanceof", Instanceof}, {"new", New}, {"clone", Clone},
    {"exit", Exit}, {"die", Exit}, {"if", If}, {"elseif", Elseif}, {"else", Else},
    {"endif", Endif}, {"echo", Echo}, {"do", Do}, {"while", While}, {"endwhile", Endwhile},
    {"for", For}, {"endfor", Endfor}, {"foreach", Foreach}, {"endforeach", Endforeach},
    {"declare", Declare}, {"enddeclare", Enddeclare}, {"as", As}, {"switch", Switch},
    {"endswitch", Endswitch}, {"case", Case}, {"default", Default}, {"match", Match},
    {"break", Break}, {"continue", Continue}, {"goto", Goto}, {"function", Function}, {"fn", Fn},
    {"const", Const}, {"return", Return}, {"try", Try}, {"catch", Catch}, {"finally", Finally},
    {"throw", Throw}, {"use", Use}, {"insteadof", Insteadof}, {"global", Global},
    {"static", Static}, {"abstract", Abstract}, {"final", Final}, {"private", Private},
    {"protected", Protected}, {"public", Public}, {"readonly", Readonly}, {"var", Var},
    {"unset", Unset}, {"isset", Isset}, {"empty", Empty}, {"__halt_compiler", HaltCompiler},
    {"class", Class}, {"trait", Trait}, {"interface", Interface}, {"enum", Enum},
    {"extends", Extends}, {"implements", Implements}, {"namespace", Namespace}, {"list", List},
    {"array", Array}, {"callable", Callable}, {"__line__", Line}, {"__file__", File},
    {"__dir__", Dir}, {"__class__", ClassC}, {"__trait__", TraitC}, {"__method__", MethodC},
    {"__function__", FuncC}, {"__namespace__", NsC},
});

constexpr std::size_t kMaxLength = 15;
constexpr unsigned kTableBits = 9;

/// A word of up to 16 bytes as two little-endian halves, lower-cased, zero-filled.
struct Packed {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const Packed&) const = default;
};

constexpr Packed pack_constant(std::string_view word) {
  Packed packed;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const auto byte = std::uint64_t{static_cast<unsigned char>(word[i])};
    (i < 8 ? packed.low : packed.high) |= byte << (8 * (i % 8));
  }
  return packed;
}

/// Setting bit 5 lower-cases letters. It also turns '_' into DEL and moves some control bytes, but
/// the table's words are folded the same way and a label holds no such byte otherwise.
constexpr std::uint64_t kFold = 0x2020202020202020;

constexpr std::uint64_t bytes_mask(std::size_t count) {
  return count >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * count)) - 1;
}

constexpr Packed fold(Packed packed, std::size_t length) {
  return {packed.low | (kFold & bytes_mask(length)),
          packed.high | (length > 8 ? kFold & bytes_mask(length - 8) : 0)};
}

constexpr std::size_t slot_of(Packed packed, std::uint64_t multiplier) {
  return ((packed.low ^ (packed.high << 7)) * multiplier) >> (64 - kTableBits);
}

constexpr bool separates(std::uint64_t multiplier) {
  std::array<bool, 1U << kTableBits> taken{};
  for (const Keyword& keyword : kKeywords) {
    const std::size_t slot = slot_of(fold(pack_constant(keyword.word), keyword.word.size()), multiplier);
    if (taken[slot]) return false;
    taken[slot] = true;
  }
  return true;
}

/// Found by trying candidates (a linear congruential sequence) until no two words shared a slot. A new
/// keyword may need a new one; searching at compile time would exceed what compilers allow.
constexpr std::uint64_t kMultiplier = 0xc9085583965d5268;
static_assert(separates(kMultiplier));

struct Entry {
  Packed word;
  TokenKind kind = String;
};

constexpr auto kTable = [] {
  std::array<Entry, 1U << kTableBits> table{};
  for (const Keyword& keyword : kKeywords) {
    const Packed folded = fold(pack_constant(keyword.word), keyword.word.size());
    table[slot_of(folded, kMultiplier)] = {folded, keyword.kind};
  }
  return table;
}();

Packed pack(std::string_view word) {
  Packed packed;
  std::memcpy(&packed.low, word.data(), std::min<std::size_t>(word.size(), 8));
  if (word.size() > 8) std::memcpy(&packed.high, word.data() + 8, word.size() - 8);
  return packed;
}

}  // namespace

TokenKind keyword_kind(std::string_view word) {
  if (word.size() < 2 || word.size() > kMaxLength) return String;
  const Packed folded = fold(pack(word), word.size());
  const Entry& entry = kTable[slot_of(folded, kMultiplier)];
  return entry.word == folded ? entry.kind : String;
}

}  // namespace backscan::php

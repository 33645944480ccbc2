// Built-ins between strings and arrays: taking apart, putting together, repeating, wrapping.
#include <algorithm>
#include <array>

#include "php/builtins.h"

namespace backscan::php::eval {
namespace {

constexpr std::size_t kMaxPieces = 1'000'000;

Value explode(Call& c) {
  const std::string separator{c.text(0)};
  const std::string_view text = c.text(1);
  if (separator.empty()) return false;
  const std::int64_t limit = c.integer(2, INT64_MAX);
  const Provenance provenance = c.provenance(1);
  ArrayRef pieces = c.heap.array();
  std::size_t at = 0;
  while (limit <= 0 || std::cmp_less(pieces->size() + 1, limit)) {
    const std::size_t found = find_bytes(text, separator, at);
    if (found == text.npos || pieces->size() > kMaxPieces || !c.budget.step()) break;
    pieces->append(c.heap.string(text.substr(at, found - at), provenance));
    at = found + separator.size();
  }
  pieces->append(c.heap.string(text.substr(at), provenance));
  for (std::int64_t drop = limit; drop < 0 && pieces->size() > 0; ++drop) pieces->pop();
  return pieces;
}

Value implode(Call& c) {
  const bool is_array_first = c.value(0).is_array();
  const std::size_t at = is_array_first ? 0 : 1;
  const ArrayData* array = c.array(at);
  if (array == nullptr) return Why::kUnsupported;
  if (const Unknown* unknown = find_unknown(c.value(at))) return *unknown;
  const std::string glue{c.value(1 - at).is_array() ? std::string_view{} : c.text(1 - at)};
  BoundedText out{c.heap};
  bool is_first = true;
  c.budget.step(array->slots());
  for_each(*array, [&](const Key&, const Value& element) {
    if (!is_first) out.add(glue);
    is_first = false;
    if (element.is_string())
      out.add(element.bytes());
    else
      out.add(to_text(element));
  });
  return c.string(out, at);
}

Value str_split(Call& c) {
  const std::string_view text = c.text(0);
  const std::int64_t wanted = c.integer(1, 1);
  if (wanted < 1) return false;
  const auto length = std::min(static_cast<std::size_t>(wanted), std::max<std::size_t>(text.size(), 1));
  if (text.size() / length > kMaxPieces) return Unknown{Why::kBudget, true};
  c.budget.step(text.size() / length);
  const Provenance provenance = c.provenance(0);
  ArrayRef pieces = c.heap.array();
  for (std::size_t at = 0; at < text.size() || at == 0; at += length) {
    const std::string_view piece = text.substr(at, length);
    pieces->append(piece.size() == 1 ? c.heap.character(static_cast<unsigned char>(piece[0]))
                                     : c.heap.string(piece, provenance));
    if (c.heap.is_exhausted()) break;
  }
  return pieces;
}

Value str_repeat(Call& c) {
  const std::string_view text = c.text(0);
  const std::int64_t times = std::max<std::int64_t>(0, c.integer(1));
  if (!text.empty() && std::cmp_greater(times, c.heap.max_value_bytes() / text.size()))
    return Why::kBudget;
  std::string out;
  out.reserve(text.size() * static_cast<std::size_t>(times));
  for (std::int64_t i = 0; i < times && !text.empty(); ++i) out += text;
  return c.string(std::move(out));
}

Value str_pad(Call& c) {
  const std::string fill{c.has(2) ? c.text(2) : std::string_view{" "}};
  const std::int64_t kind = c.integer(3, 1);  // STR_PAD_LEFT 0, _RIGHT 1, _BOTH 2
  const std::string_view text = c.text(0);
  const std::int64_t wanted = c.integer(1);
  if (fill.empty() || std::cmp_less_equal(wanted, text.size())) return c.value(0);
  if (std::cmp_greater(wanted, c.heap.max_value_bytes())) return Why::kBudget;
  const std::size_t missing = static_cast<std::size_t>(wanted) - text.size();
  const std::size_t left = kind == 0 ? missing : (kind == 2 ? missing / 2 : 0);
  std::string out;
  for (std::size_t i = 0; i < left; ++i) out.push_back(fill[i % fill.size()]);
  out += text;
  for (std::size_t i = 0; i < missing - left; ++i) out.push_back(fill[i % fill.size()]);
  return c.string(std::move(out));
}

Value chunk_split(Call& c) {
  const std::string end{c.has(2) ? c.text(2) : std::string_view{"\r\n"}};
  const std::string_view text = c.text(0);
  const std::int64_t wanted = c.integer(1, 76);
  if (wanted < 1) return false;
  const std::size_t length = std::min(static_cast<std::size_t>(wanted), text.size() + 1);
  BoundedText out{c.heap};
  for (std::size_t at = 0; at < text.size() && !out.is_overflown(); at += length) {
    out.add(text.substr(at, length));
    out.add(end);
  }
  return c.string(out);
}

Value wordwrap(Call& c) {
  const std::string line_break{c.has(2) ? c.text(2) : std::string_view{"\n"}};
  const std::int64_t wanted = c.integer(1, 75);
  const bool cuts = c.flag(3);
  const std::string_view text = c.text(0);
  if (wanted < 1) return Why::kUnsupported;
  const auto width = static_cast<std::size_t>(wanted);
  BoundedText out{c.heap};
  std::size_t line = 0;
  while (line < text.size() && !out.is_overflown()) {
    const std::string_view rest = text.substr(line);
    if (rest.size() <= width) break;
    std::size_t cut = rest.rfind(' ', width);
    bool is_space = cut != rest.npos;
    if (!is_space) {
      cut = cuts ? width : rest.find(' ');
      is_space = !cuts && cut != rest.npos;
    }
    if (cut == rest.npos) break;
    out.add(rest.substr(0, cut));
    out.add(line_break);
    line += cut + (is_space ? 1 : 0);
    c.budget.bytes(cut);
  }
  out.add(text.substr(line));
  return c.string(out);
}

Value count_chars(Call& c) {
  std::array<std::int64_t, 256> counts{};
  for (const char byte : c.text(0)) ++counts[static_cast<unsigned char>(byte)];
  const std::int64_t mode = c.integer(1);
  if (mode >= 3) {
    std::string out;
    for (std::size_t i = 0; i < 256; ++i)
      if ((counts[i] > 0) == (mode == 3)) out.push_back(static_cast<char>(i));
    return c.string(std::move(out));
  }
  ArrayRef table = c.heap.array();
  for (std::size_t i = 0; i < 256; ++i)
    if (mode == 0 || (counts[i] > 0) == (mode == 1)) table->set(Key{static_cast<std::int64_t>(i)}, counts[i]);
  return table;
}

constexpr Builtin kSplitRows[] = {
    {"explode", explode, 2},          {"split", explode, 2},
    {"implode", implode, 1},          {"join", implode, 1},
    {"str_split", str_split, 1},      {"mb_str_split", str_split, 1},
    {"str_repeat", str_repeat, 2},    {"str_pad", str_pad, 2},
    {"chunk_split", chunk_split, 1},  {"wordwrap", wordwrap, 1},
    {"count_chars", count_chars, 1},
};

}  // namespace

std::span<const Builtin> split_builtins() { return kSplitRows; }

}  // namespace backscan::php::eval

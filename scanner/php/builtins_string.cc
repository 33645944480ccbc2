// Built-ins that look into, cut and recase one string.
#include <algorithm>

#include "base/text.h"
#include "php/builtins.h"

namespace backscan::php::eval {
namespace {

constexpr std::string_view kBlanks{" \t\n\r\0\v", 6};

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

std::string upper(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = upper(c);
  return out;
}

// The set that "a..z" and single bytes name.
std::string character_set(std::string_view list) {
  std::string set;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i + 3 < list.size() && list[i + 1] == '.' && list[i + 2] == '.' &&
        static_cast<unsigned char>(list[i + 3]) >= static_cast<unsigned char>(list[i])) {
      for (int c = static_cast<unsigned char>(list[i]); c <= static_cast<unsigned char>(list[i + 3]); ++c)
        set.push_back(static_cast<char>(c));
      i += 3;
    } else {
      set.push_back(list[i]);
    }
  }
  return set;
}

// [offset, offset+length) of `size` bytes as substr() counts; nothing for what PHP 7 calls false.
struct Slice {
  std::size_t begin = 0;
  std::size_t length = 0;
};
Slice slice_of(std::size_t size, std::int64_t offset, std::int64_t length) {
  const auto total = static_cast<std::int64_t>(size);
  const std::int64_t begin = offset < 0 ? std::max<std::int64_t>(0, offset < -total ? 0 : total + offset)
                                  : std::min(offset, total);
  const std::int64_t end = length < 0 ? (length < -total ? begin : std::max(begin, total + length))
                                      : (length > total - begin ? total : begin + length);
  return {static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)};
}

Value length(Call& c) { return static_cast<std::int64_t>(c.text(0).size()); }
Value to_lower(Call& c) { return c.string(ascii_lower(c.text(0))); }
Value to_upper(Call& c) { return c.string(upper(c.text(0))); }

Value recase_first(Call& c, char (*change)(char)) {
  std::string out{c.text(0)};
  if (!out.empty()) out[0] = change(out[0]);
  return c.string(std::move(out));
}
Value upper_first(Call& c) { return recase_first(c, upper); }
Value lower_first(Call& c) { return recase_first(c, [](char x) { return ascii_lower(x); }); }

Value upper_words(Call& c) {
  const std::string separators{c.has(1) ? c.text(1) : kBlanks};
  std::string out{c.text(0)};
  bool is_start = true;
  for (char& x : out) {
    if (is_start) x = upper(x);
    is_start = separators.find(x) != separators.npos;
  }
  return c.string(std::move(out));
}

Value reverse(Call& c) {
  const std::string_view text = c.text(0);
  return c.string(std::string{text.rbegin(), text.rend()});
}

Value trim_sides(Call& c, bool left, bool right) {
  const std::string set = c.has(1) ? character_set(c.text(1)) : std::string{kBlanks};
  std::string_view text = c.text(0);
  if (left) text.remove_prefix(std::min(text.find_first_not_of(set), text.size()));
  if (right) text = text.substr(0, text.find_last_not_of(set) + 1);
  return c.string(std::string{text});
}
Value trim_both(Call& c) { return trim_sides(c, true, true); }
Value trim_left(Call& c) { return trim_sides(c, true, false); }
Value trim_right(Call& c) { return trim_sides(c, false, true); }

Value substring(Call& c) {
  const std::string_view text = c.text(0);
  const Slice slice = slice_of(text.size(), c.integer(1), c.integer(2, INT64_MAX));
  return c.string(std::string{text.substr(slice.begin, slice.length)});
}

enum class Search : std::uint8_t { kFirst, kLast };

// Searching backwards is quadratic in the worst case: charge it before doing it.
std::size_t find_in(Call& c, std::string_view text, std::string_view needle, Search search,
                    std::size_t from) {
  if (search == Search::kLast) {
    c.budget.bytes(text.size() / 64 * needle.size());
    return c.budget.is_spent() ? text.npos : text.rfind(needle);
  }
  return find_bytes(text, needle, from);
}

std::string needle_of(Call& c, std::size_t i) {
  if (c.value(i).integer() != nullptr) return {static_cast<char>(*c.value(i).integer())};
  return std::string{c.text(i)};
}

Value position(Call& c, Search search, bool ignores_case) {
  std::string needle = needle_of(c, 1);
  std::string lowered;
  std::string_view text = c.text(0);
  if (ignores_case) {
    lowered = ascii_lower(text);
    needle = ascii_lower(needle);
    text = lowered;
  }
  const std::int64_t offset = c.integer(2);
  const auto size = static_cast<std::int64_t>(text.size());
  if (offset > size || offset < -size) return false;
  const auto from = static_cast<std::size_t>(offset < 0 ? size + offset : offset);
  const std::size_t found = find_in(c, text, needle, search, from);
  if (found == text.npos || found < from) return false;
  return static_cast<std::int64_t>(found);
}
Value first_position(Call& c) { return position(c, Search::kFirst, false); }
Value first_position_any_case(Call& c) { return position(c, Search::kFirst, true); }
Value last_position(Call& c) { return position(c, Search::kLast, false); }
Value last_position_any_case(Call& c) { return position(c, Search::kLast, true); }

Value tail_from(Call& c, bool ignores_case, Search search) {
  const std::string_view text = c.text(0);
  std::string needle = needle_of(c, 1);
  if (search == Search::kLast && needle.size() > 1) needle.resize(1);  // strrchr() takes one byte
  const std::size_t found =
      ignores_case ? find_in(c, ascii_lower(text), ascii_lower(needle), search, 0)
                   : find_in(c, text, needle, search, 0);
  if (found == text.npos) return false;
  return c.string(std::string{c.flag(2) ? text.substr(0, found) : text.substr(found)});
}
Value from_first(Call& c) { return tail_from(c, false, Search::kFirst); }
Value from_first_any_case(Call& c) { return tail_from(c, true, Search::kFirst); }
Value from_last(Call& c) { return tail_from(c, false, Search::kLast); }

Value occurrences(Call& c) {
  const std::string needle{c.text(1)};
  std::string_view text = c.text(0);
  if (needle.empty()) return false;
  std::int64_t count = 0;
  for (std::size_t at = 0; (at = find_in(c, text, needle, Search::kFirst, at)) != text.npos; ++count)
    at += needle.size();
  return count;
}

Value contains(Call& c) {
  return find_bytes(c.text(0), needle_of(c, 1), 0) != std::string_view::npos;
}
Value starts_with(Call& c) { return c.text(0).starts_with(needle_of(c, 1)); }
Value ends_with(Call& c) { return c.text(0).ends_with(needle_of(c, 1)); }

Value character_of(Call& c) {
  return c.heap.character_from_code(static_cast<unsigned char>(c.integer(0)));
}

Value code_of(Call& c) {
  const std::string_view text = c.text(0);
  return std::int64_t{text.empty() ? 0 : static_cast<unsigned char>(text[0])};
}

int compared(std::string_view a, std::string_view b) {
  const int order = a.compare(b);
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}
Value compare_texts(Call& c, bool ignores_case, bool is_limited) {
  std::string_view a = c.text(0);
  std::string_view b = c.text(1);
  if (is_limited) {
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(0, c.integer(2)));
    a = a.substr(0, most);
    b = b.substr(0, most);
  }
  return std::int64_t{ignores_case ? compared(ascii_lower(a), ascii_lower(b)) : compared(a, b)};
}
Value order_of(Call& c) { return compare_texts(c, false, false); }
Value order_any_case(Call& c) { return compare_texts(c, true, false); }
Value order_of_first(Call& c) { return compare_texts(c, false, true); }
Value order_of_first_any_case(Call& c) { return compare_texts(c, true, true); }

Value run_length(Call& c, bool of_members) {
  const std::string_view text = c.text(0);
  const std::string set{c.text(1)};
  const Slice slice = slice_of(text.size(), c.integer(2), c.integer(3, INT64_MAX));
  const std::string_view part = text.substr(slice.begin, slice.length);
  const std::size_t end = of_members ? part.find_first_not_of(set) : part.find_first_of(set);
  return static_cast<std::int64_t>(std::min(end, part.size()));
}
Value run_of(Call& c) { return run_length(c, true); }
Value run_outside(Call& c) { return run_length(c, false); }

Value from_any(Call& c) {
  const std::string set{c.text(1)};
  const std::string_view text = c.text(0);
  const std::size_t found = text.find_first_of(set);
  if (found == text.npos) return false;
  return c.string(std::string{text.substr(found)});
}

constexpr Builtin kStringRows[] = {
    {"strlen", length}, {"mb_strlen", length},
    {"strtolower", to_lower}, {"mb_strtolower", to_lower},
    {"strtoupper", to_upper}, {"mb_strtoupper", to_upper},
    {"ucfirst", upper_first}, {"lcfirst", lower_first}, {"ucwords", upper_words},
    {"strrev", reverse, 1, kDecoder},
    {"trim", trim_both}, {"ltrim", trim_left}, {"rtrim", trim_right}, {"chop", trim_right},
    {"substr", substring, 2}, {"mb_substr", substring, 2},
    {"strpos", first_position, 2}, {"mb_strpos", first_position, 2},
    {"stripos", first_position_any_case, 2}, {"mb_stripos", first_position_any_case, 2},
    {"strrpos", last_position, 2}, {"mb_strrpos", last_position, 2},
    {"strripos", last_position_any_case, 2},
    {"strstr", from_first, 2}, {"strchr", from_first, 2},
    {"stristr", from_first_any_case, 2}, {"strrchr", from_last, 2},
    {"substr_count", occurrences, 2}, {"mb_substr_count", occurrences, 2},
    {"str_contains", contains, 2}, {"str_starts_with", starts_with, 2},
    {"str_ends_with", ends_with, 2},
    {"chr", character_of}, {"ord", code_of},
    {"strcmp", order_of, 2}, {"strcoll", order_of, 2}, {"strcasecmp", order_any_case, 2},
    {"strncmp", order_of_first, 3}, {"strncasecmp", order_of_first_any_case, 3},
    {"strspn", run_of, 2}, {"strcspn", run_outside, 2}, {"strpbrk", from_any, 2},
};

}  // namespace

std::span<const Builtin> string_builtins() { return kStringRows; }

}  // namespace backscan::php::eval

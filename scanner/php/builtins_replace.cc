// Built-ins that replace text without patterns: str_replace, strtr, substr_replace, slashes.
#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "php/builtins.h"
#include "php/decoders.h"

namespace backscan::php::eval {
namespace {

struct Replaced {
  std::string text;
  std::int64_t count = 0;
  bool is_overflown = false;
};

Replaced replace_all(Call& c, std::string_view text, std::string_view search,
                     std::string_view with, bool ignores_case) {
  Replaced result;
  if (search.empty() || text.empty()) {
    result.text = text;
    return result;
  }
  c.budget.bytes(text.size());
  const std::string lowered = ignores_case ? ascii_lower(text) : std::string{};
  const std::string needle = ignores_case ? ascii_lower(search) : std::string{search};
  const std::string_view haystack = ignores_case ? std::string_view{lowered} : text;
  BoundedText out{c.heap};
  std::size_t at = 0;
  for (std::size_t found = 0; (found = find_bytes(haystack, needle, at)) != haystack.npos;) {
    out.add(text.substr(at, found - at));
    out.add(with);
    at = found + needle.size();
    ++result.count;
    if (out.is_overflown()) break;
  }
  out.add(text.substr(at));
  result.is_overflown = out.is_overflown();
  result.text = out.take();
  return result;
}

// One subject through all pairs of search and replacement.
Value replace_in(Call& c, const Value& subject, bool ignores_case, std::int64_t& count) {
  std::string text = to_text(subject);
  const ArrayData* searches = c.array(0);
  ArrayData* withs = c.array(1);
  std::size_t index = 0;
  bool is_overflown = false;
  const auto apply = [&](const std::string& search) {
    std::string with;
    if (withs == nullptr) {
      with = c.text(1);
    } else {
      while (index < withs->slots() && !withs->is_live(index)) ++index;
      if (index < withs->slots()) with = to_text(withs->value_at(index++));
    }
    Replaced replaced = replace_all(c, text, search, with, ignores_case);
    text = std::move(replaced.text);
    count += replaced.count;
    is_overflown |= replaced.is_overflown;
  };
  if (searches == nullptr)
    apply(std::string{c.text(0)});
  else
    for_each(*searches, [&](const Key&, const Value& search) {
      if (!is_overflown && !c.budget.is_spent()) apply(to_text(search));
    });
  if (is_overflown) return Unknown{Why::kBudget, true};
  const StringData* source = subject.target().string();
  return c.heap.string(std::move(text), source == nullptr ? Provenance{} : source->provenance);
}

Value replace(Call& c, bool ignores_case) {
  std::int64_t count = 0;
  Value result;
  for (std::size_t i = 0; i < 3; ++i)
    if (const Unknown* unknown = find_unknown(c.value(i))) return *unknown;
  if (const ArrayData* subjects = c.array(2)) {
    ArrayRef all = c.heap.array();
    for_each(*subjects, [&](const Key& key, const Value& subject) {
      if (c.budget.step()) all->set(key, replace_in(c, subject, ignores_case, count));
    });
    result = all;
  } else {
    result = replace_in(c, c.value(2), ignores_case, count);
  }
  c.assign(3, count);
  return result;
}
Value str_replace(Call& c) { return replace(c, false); }
Value str_ireplace(Call& c) { return replace(c, true); }

// strtr() with an array: at each place the longest key that fits, never into what was replaced.
Value translate_pairs(Call& c, const ArrayData& pairs) {
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> table;
  std::set<std::size_t, std::greater<>> lengths;
  for_each(pairs, [&](const Key& key, const Value& value) {
    std::string from = to_text(key_value(c.heap, key));
    if (from.empty()) return;
    lengths.insert(from.size());
    table.insert_or_assign(std::move(from), to_text(value));
  });
  const std::string_view text = c.text(0);
  c.budget.step(pairs.slots() + text.size() * lengths.size() / 8);
  if (c.budget.is_spent()) return Why::kBudget;
  BoundedText out{c.heap};
  for (std::size_t at = 0; at < text.size() && !out.is_overflown();) {
    bool is_replaced = false;
    for (const std::size_t length : lengths) {
      if (length > text.size() - at) continue;
      const auto it = table.find(text.substr(at, length));
      if (it == table.end()) continue;
      out.add(it->second);
      at += length;
      is_replaced = true;
      break;
    }
    if (!is_replaced) out.add(text[at++]);
  }
  return c.string(out);
}

Value strtr(Call& c) {
  if (const ArrayData* pairs = c.array(1)) {
    if (const Unknown* unknown = find_unknown(c.value(1))) return *unknown;
    return translate_pairs(c, *pairs);
  }
  const std::string from{c.text(1)};
  const std::string to{c.text(2)};
  std::array<char, 256> table;
  for (std::size_t i = 0; i < 256; ++i) table[i] = static_cast<char>(i);
  for (std::size_t i = 0; i < std::min(from.size(), to.size()); ++i)
    table[static_cast<unsigned char>(from[i])] = to[i];
  std::string out{c.text(0)};
  for (char& byte : out) byte = table[static_cast<unsigned char>(byte)];
  return c.string(std::move(out));
}

Value substr_replace(Call& c) {
  if (c.array(0) != nullptr) return Why::kUnsupported;
  const std::string with{c.text(1)};
  const std::string_view text = c.text(0);
  const auto size = static_cast<std::int64_t>(text.size());
  std::int64_t begin = c.integer(2);
  begin = begin < 0 ? std::max<std::int64_t>(0, begin < -size ? 0 : size + begin) : std::min(begin, size);
  std::int64_t end = size;
  if (c.has(3)) {
    const std::int64_t length = c.integer(3);
    end = length < 0 ? std::max(begin, length < -size ? 0 : size + length)
                     : (length > size - begin ? size : begin + length);
  }
  BoundedText out{c.heap};
  out.add(text.substr(0, static_cast<std::size_t>(begin)));
  out.add(with);
  out.add(text.substr(static_cast<std::size_t>(end)));
  return c.string(out);
}

Value addslashes(Call& c) {
  std::string out;
  for (const char byte : c.text(0)) {
    if (byte == '\'' || byte == '"' || byte == '\\') out.push_back('\\');
    if (byte == '\0') out += "\\0";
    else out.push_back(byte);
  }
  return c.string(std::move(out));
}

Value stripslashes(Call& c) {
  const std::string_view text = c.text(0);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') out.push_back(text[i]);
    else if (++i < text.size()) out.push_back(text[i] == '0' ? '\0' : text[i]);
  }
  return c.string(std::move(out));
}

Value stripcslashes(Call& c) { return c.string(decode_c_escapes(c.text(0))); }

Value strip_tags(Call& c) {
  std::string out;
  bool is_inside = false;
  for (const char byte : c.text(0)) {
    if (byte == '<') is_inside = true;
    else if (byte == '>') is_inside = false;
    else if (!is_inside) out.push_back(byte);
  }
  return c.string(std::move(out));
}

Value nl2br(Call& c) {
  BoundedText out{c.heap};
  for (const char byte : c.text(0)) {
    if (byte == '\n') out.add("<br />");
    out.add(byte);
  }
  return c.string(out);
}

constexpr Builtin kReplaceRows[] = {
    {"str_replace", str_replace, 3, kRefFourth}, {"str_ireplace", str_ireplace, 3, kRefFourth},
    {"strtr", strtr, 2, kDecoder},               {"substr_replace", substr_replace, 3},
    {"addslashes", addslashes},                  {"stripslashes", stripslashes},
    {"stripcslashes", stripcslashes, 1, kDecoder},
    {"strip_tags", strip_tags},                  {"nl2br", nl2br},
};

}  // namespace

std::span<const Builtin> replace_builtins() { return kReplaceRows; }

}  // namespace backscan::php::eval

// preg_*(): matching, splitting, replacing, and the /e modifier, which turns a replacement into code.
#include <algorithm>

#include "base/text.h"
#include "php/builtins.h"
#include "php/eval_evaluator.h"

namespace backscan::php::eval {
namespace {

constexpr std::size_t kMaxMatches = 200'000;

using Groups = std::vector<re2::StringPiece>;

// Walks the matches of a pattern in a text.
class Matches {
 public:
  Matches(Call& c, const Pattern& pattern, std::string_view text)
      : call_(c), pattern_(pattern), text_(text),
        groups(static_cast<std::size_t>(pattern.regex->NumberOfCapturingGroups() + 1)) {
    c.budget.bytes(text.size() * 4);
  }

  bool next() {
    if (at_ > text_.size() || ++count_ > kMaxMatches || !call_.budget.step(groups.size())) return false;
    const re2::StringPiece whole{text_.data(), text_.size()};
    const auto anchor = pattern_.is_anchored ? re2::RE2::ANCHOR_START : re2::RE2::UNANCHORED;
    if (!pattern_.regex->Match(whole, at_, whole.size(), anchor, groups.data(), static_cast<int>(groups.size())))
      return false;
    begin_ = static_cast<std::size_t>(groups[0].data() - text_.data());
    end_ = begin_ + groups[0].size();
    at_ = groups[0].empty() ? end_ + 1 : end_;
    return true;
  }
  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t end() const { return end_; }

 private:
  Call& call_;
  const Pattern& pattern_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t count_ = 0;

 public:
  Groups groups;
};

std::string_view view_of(const re2::StringPiece& piece) { return {piece.data(), piece.size()}; }

// A replacement with its \1, $1 and ${1} filled in; `quote` is what /e does to what it fills in.
std::string filled(std::string_view replacement, const Groups& groups, bool quotes) {
  std::string out;
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    std::size_t digits = i + 1;
    const bool is_braced = c == '$' && digits < replacement.size() && replacement[digits] == '{';
    if (is_braced) ++digits;
    if ((c != '\\' && c != '$') || digits >= replacement.size() || !is_digit(replacement[digits])) {
      if (c == '\\' && i + 1 < replacement.size() && replacement[i + 1] == '\\') ++i;
      out.push_back(c);
      continue;
    }
    std::size_t number = static_cast<std::size_t>(replacement[digits] - '0');
    std::size_t end = digits + 1;
    if (end < replacement.size() && is_digit(replacement[end]))
      number = number * 10 + static_cast<std::size_t>(replacement[end++] - '0');
    if (is_braced && end < replacement.size() && replacement[end] == '}') ++end;
    if (number < groups.size())
      for (const char byte : view_of(groups[number])) {
        if (quotes && (byte == '\'' || byte == '"' || byte == '\\')) out.push_back('\\');
        out.push_back(byte);
      }
    i = end - 1;
  }
  return out;
}

Value run_replacement(Call& c, const Value& replacement, const Groups& groups) {
  std::string code = "return " + filled(replacement.bytes(), groups, true) + ";";
  const StringData* text = replacement.string();
  return c.evaluator.run_code("preg_replace",
                              c.heap.string(std::move(code), text == nullptr ? Provenance{} : text->provenance),
                              c.site);
}

// One pattern over one subject.
Value replace_one(Call& c, std::string_view pattern_text, const Value& replacement, const Value& subject,
                  std::int64_t limit) {
  const bool evaluates = c.evaluator.patterns().find(pattern_text).evaluates;
  const bool has_regex = c.evaluator.patterns().find(pattern_text).regex != nullptr;
  if (evaluates && (!has_regex || !subject.is_string())) {
    if (replacement.is_string()) run_replacement(c, replacement, Groups(10));
    return subject.is_unknown() ? *subject.unknown() : Unknown{Why::kUnsupported};
  }
  if (!has_regex || !subject.is_string() || !replacement.is_string())
    return Unknown{Why::kUnsupported, subject.bytes().size() > 64};
  const std::string_view text = subject.bytes();
  // The code of a replacement may use patterns of its own: hold on to nothing that find() returned.
  std::vector<Groups> found;
  std::vector<std::pair<std::size_t, std::size_t>> places;
  {
    Matches matches{c, c.evaluator.patterns().find(pattern_text), text};
    while (limit != 0 && matches.next()) {
      found.push_back(matches.groups);
      places.emplace_back(matches.begin(), matches.end());
      if (limit > 0) --limit;
    }
  }
  BoundedText out{c.heap};
  std::size_t at = 0;
  for (std::size_t i = 0; i < found.size() && !out.is_overflown() && !c.budget.is_spent(); ++i) {
    out.add(text.substr(at, places[i].first - at));
    if (evaluates) out.add(to_text(run_replacement(c, replacement, found[i])));
    else out.add(filled(replacement.bytes(), found[i], false));
    at = places[i].second;
  }
  out.add(text.substr(at));
  if (out.is_overflown()) return Unknown{Why::kBudget, true};
  return c.heap.string(out.take(), subject.string()->provenance);
}

Value replace_in(Call& c, Value subject, std::int64_t limit) {
  if (!subject.is_unknown() && !subject.is_string()) subject = to_string(c.heap, subject);
  const ArrayRef patterns{c.array(0)};
  if (!patterns) return replace_one(c, std::string{c.text(0)}, to_string(c.heap, c.value(1)), subject, limit);
  const ArrayRef replacements{c.array(1)};
  std::size_t index = 0;
  for (std::size_t slot = 0; slot < patterns->slots(); ++slot) {
    if (!patterns->is_live(slot) || !c.budget.step()) continue;
    Value replacement = replacements ? c.heap.string("") : to_string(c.heap, c.value(1));
    if (replacements && index < replacements->slots())
      replacement = to_string(c.heap, replacements->value_at(index++));
    subject = replace_one(c, to_text(patterns->value_at(slot)), replacement, subject, limit);
  }
  return subject;
}

Value preg_replace(Call& c) {
  if (c.value(0).is_unknown()) return *c.value(0).unknown();
  if (c.value(1).is_unknown()) {
    const bool evaluates = c.value(0).is_string() && c.evaluator.patterns().find(c.text(0)).evaluates;
    return evaluates ? c.evaluator.run_code("preg_replace", c.value(1), c.site) : c.value(1);
  }
  const std::int64_t limit = c.integer(3, -1);
  const ArrayRef subjects{c.array(2)};
  if (!subjects) return replace_in(c, c.value(2), limit);
  ArrayRef made = c.heap.array();
  for (std::size_t slot = 0; slot < subjects->slots() && c.budget.step(); ++slot)
    if (subjects->is_live(slot))
      made->set(subjects->key_at(slot), replace_in(c, subjects->value_at(slot).target(), limit));
  return made;
}

ArrayRef groups_array(Call& c, const re2::RE2& regex, const Groups& groups, const Provenance& from) {
  ArrayRef made = c.heap.array();
  const auto& names = regex.CapturingGroupNames();
  std::size_t count = groups.size();
  while (count > 1 && groups[count - 1].data() == nullptr) --count;  // PHP leaves trailing ones out
  for (std::size_t i = 0; i < count; ++i) {
    const Value text = c.heap.string(view_of(groups[i]), from);
    if (const auto it = names.find(static_cast<int>(i)); it != names.end()) made->set(Key{it->second}, text);
    made->set(Key{static_cast<std::int64_t>(i)}, text);
  }
  return made;
}

Value preg_replace_callback(Call& c) {
  const Value callback = c.value(1);
  if (c.value(0).is_unknown() || !c.value(0).is_string() || !c.value(2).is_string()) {
    ArrayRef groups = c.heap.array();
    groups->append(Why::kRequest);
    groups->append(Why::kRequest);
    c.evaluator.call(callback, {Value{groups}}, c.site);
    return Why::kUnsupported;
  }
  const std::string pattern_text{c.text(0)};
  const Value subject = c.value(2);
  if (c.evaluator.patterns().find(pattern_text).regex == nullptr)
    return Unknown{Why::kUnsupported, subject.bytes().size() > 64};
  const std::string_view text = subject.bytes();
  std::vector<ArrayRef> found;
  std::vector<std::pair<std::size_t, std::size_t>> places;
  {
    const Pattern& pattern = c.evaluator.patterns().find(pattern_text);
    Matches matches{c, pattern, text};
    while (matches.next() && !c.heap.is_exhausted()) {
      found.push_back(groups_array(c, *pattern.regex, matches.groups, subject.string()->provenance));
      places.emplace_back(matches.begin(), matches.end());
    }
  }
  BoundedText out{c.heap};
  std::size_t at = 0;
  for (std::size_t i = 0; i < found.size() && !out.is_overflown() && !c.budget.is_spent(); ++i) {
    out.add(text.substr(at, places[i].first - at));
    const Value with = c.evaluator.call(callback, {Value{found[i]}}, c.site);
    if (with.is_unknown()) return *with.unknown();
    out.add(to_text(with));
    at = places[i].second;
  }
  out.add(text.substr(at));
  return c.string(out, 2);
}

Value preg_match(Call& c) {
  const std::string pattern_text{c.text(0)};
  const Pattern& pattern = c.evaluator.patterns().find(pattern_text);
  if (c.value(0).is_unknown() || c.value(1).is_unknown() || !pattern.regex) {
    c.assign(2, Why::kUnsupported);
    return c.value(1).is_unknown() ? c.value(1) : Value{Why::kUnsupported};
  }
  const std::string_view text = c.text(1);
  Matches matches{c, pattern, text};
  const bool is_found = matches.next();
  if (c.count() > 2)
    c.assign(2, is_found ? Value{groups_array(c, *pattern.regex, matches.groups, c.provenance(1))}
                         : Value{c.heap.array()});
  return std::int64_t{is_found ? 1 : 0};
}

Value preg_match_all(Call& c) {
  const std::string pattern_text{c.text(0)};
  const Pattern& pattern = c.evaluator.patterns().find(pattern_text);
  if (c.value(0).is_unknown() || c.value(1).is_unknown() || !pattern.regex) {
    c.assign(2, Why::kUnsupported);
    return c.value(1).is_unknown() ? c.value(1) : Value{Why::kUnsupported};
  }
  const bool is_by_set = (c.integer(3, 1) & 2) != 0;
  const std::string_view text = c.text(1);
  Matches matches{c, pattern, text};
  ArrayRef sets = c.heap.array();
  std::vector<ArrayRef> columns;
  for (std::size_t i = 0; i < matches.groups.size(); ++i) columns.push_back(c.heap.array());
  std::int64_t count = 0;
  while (matches.next() && !c.heap.is_exhausted()) {
    ++count;
    if (is_by_set) sets->append(groups_array(c, *pattern.regex, matches.groups, c.provenance(1)));
    else
      for (std::size_t i = 0; i < columns.size(); ++i)
        columns[i]->append(c.heap.string(view_of(matches.groups[i]), c.provenance(1)));
  }
  if (!is_by_set)
    for (const ArrayRef& column : columns) sets->append(column);
  c.assign(2, sets);
  return count;
}

Value preg_split(Call& c) {
  const std::string pattern_text{c.text(0)};
  const Pattern& pattern = c.evaluator.patterns().find(pattern_text);
  if (!pattern.regex) return Why::kUnsupported;
  const std::string_view text = c.text(1);
  std::int64_t limit = c.integer(2, -1);
  const bool drops_empty = (c.integer(3) & 1) != 0;
  const bool keeps_groups = (c.integer(3) & 2) != 0;
  ArrayRef pieces = c.heap.array();
  const auto add = [&](std::string_view piece) {
    if (!piece.empty() || !drops_empty) pieces->append(c.heap.string(piece, c.provenance(1)));
  };
  Matches matches{c, pattern, text};
  std::size_t at = 0;
  while ((limit <= 0 || limit > 1) && matches.next() && !c.heap.is_exhausted()) {
    if (matches.begin() == matches.end() && (matches.end() == 0 || matches.end() == text.size())) continue;
    add(text.substr(at, matches.begin() - at));
    for (std::size_t i = 1; keeps_groups && i < matches.groups.size(); ++i) add(view_of(matches.groups[i]));
    at = matches.end();
    if (limit > 0) --limit;
  }
  add(text.substr(at));
  return pieces;
}

Value preg_quote(Call& c) {
  const std::string special = ".\\+*?[^]$(){}=!<>|:-#/" + std::string{c.text(1)};
  std::string out;
  for (const char byte : c.text(0)) {
    if (special.find(byte) != special.npos && (byte != '/' || c.has(1))) out.push_back('\\');
    out.push_back(byte);
  }
  return c.string(std::move(out));
}

Value ereg(Call& c) {
  // POSIX patterns of old PHP: no delimiters.
  Value with_delimiters[] = {c.heap.string("\x01" + std::string{c.text(0)} + "\x01"), c.value(1)};
  Call inner{c.heap, c.budget, c.evaluator, with_delimiters, c.site};
  return preg_match(inner);
}

constexpr Builtin kRegexRows[] = {
    {"preg_replace", preg_replace, 3, kTakesUnknown},
    {"preg_filter", preg_replace, 3, kTakesUnknown},
    {"preg_replace_callback", preg_replace_callback, 3, kTakesUnknown},
    {"preg_match", preg_match, 2, kRefThird | kTakesUnknown},
    {"preg_match_all", preg_match_all, 2, kRefThird | kTakesUnknown},
    {"preg_split", preg_split, 2}, {"preg_quote", preg_quote},
    {"ereg", ereg, 2}, {"eregi", ereg, 2},
};

}  // namespace

std::span<const Builtin> regex_builtins() { return kRegexRows; }

}  // namespace backscan::php::eval

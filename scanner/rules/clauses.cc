// From a `when` tree to the words it needs in the raw bytes (clauses.h).
#include "rules/clauses.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "rules/regex_literals.h"
#include "rules/triggers.h"

namespace backscan::rules {
namespace {

constexpr std::size_t kMinWordBytes = 3;
constexpr std::size_t kMaxWords = 64;     // of one clause
constexpr std::size_t kMaxClauses = 6;    // of one rule
constexpr std::size_t kSignStrength = 6;  // a sign is about as rare as a word of six bytes

/// How rare: the length of the shortest word.
std::size_t strength(const Clause& clause) {
  std::size_t length = clause.signs != 0 ? kSignStrength : SIZE_MAX;
  for (const std::string& word : clause.words) length = std::min(length, word.size());
  return length;
}

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/// The longest identifier-like part of a literal: between them PHP allows white space and comments
/// that views leave out.
std::string longest_word(std::string_view literal) {
  std::string_view best;
  for (std::size_t at = 0; at < literal.size();) {
    std::size_t end = at;
    while (end < literal.size() && is_word_byte(literal[end])) ++end;
    if (end - at > best.size()) best = literal.substr(at, end - at);
    at = end + 1;
  }
  return std::string(best);
}

std::vector<Clause> of_pattern(const Condition& pattern) {
  // The layers of a packed file are looked at whenever it was unpacked.
  if (pattern.view == ViewKind::kUnpacked) return {{.words = {}, .signs = kSignsOfUnpacking}};
  if (pattern.view == ViewKind::kPath) return {};
  const auto tree = parse_regex(pattern.pattern);
  if (!tree) return {};
  std::vector<Clause> clauses;
  for (const std::vector<std::string>& group : required_groups(*tree, kMinWordBytes)) {
    Clause clause;
    for (const std::string& literal : group) clause.words.push_back(longest_word(literal));
    std::ranges::sort(clause.words);
    clause.words.erase(std::ranges::unique(clause.words).begin(), clause.words.end());
    if (strength(clause) >= kMinWordBytes && clause.words.size() <= kMaxWords)
      clauses.push_back(std::move(clause));
  }
  return clauses;
}

std::vector<Clause> of_fact(std::string_view name) {
  if (name.starts_with("mail.")) return {{.words = {}, .signs = kSignMail | kSignHidden}};
  if (name.starts_with("exec.") || name.starts_with("write."))
    return {{.words = {}, .signs = kSignExecute | kSignCall | kSignWrite | kSignHidden}};
  if (name.starts_with("unpack.")) return {{.words = {}, .signs = kSignsOfUnpacking}};
  return {};  // facts about places and carriers need no view
}

/// One clause for "any of `conditions`"; nothing if one of them needs nothing that is known.
std::optional<Clause> of_any(std::span<const Condition> conditions) {
  Clause joined;
  for (const Condition& condition : conditions) {
    const std::vector<Clause> clauses = clauses_of(condition);
    if (clauses.empty()) return std::nullopt;
    const Clause& best = *std::ranges::max_element(clauses, {}, strength);
    joined.words.insert(joined.words.end(), best.words.begin(), best.words.end());
    joined.signs |= best.signs;
  }
  std::ranges::sort(joined.words);
  joined.words.erase(std::ranges::unique(joined.words).begin(), joined.words.end());
  if (joined.words.size() > kMaxWords) return std::nullopt;
  return joined;
}

/// At least `n` of the conditions hold, so one of any (size - n + 1) of them: those that need most.
std::vector<Clause> of_some(const Condition& condition, std::size_t n) {
  std::vector<std::pair<std::size_t, const Condition*>> known;  // by strength
  for (const Condition& child : condition.children) {
    const std::vector<Clause> clauses = clauses_of(child);
    if (!clauses.empty()) known.emplace_back(strength(std::ranges::max(clauses, {}, strength)), &child);
  }
  const std::size_t needed = condition.children.size() - n + 1;
  if (known.size() < needed) return {};
  std::ranges::stable_sort(known, std::ranges::greater(), [](const auto& one) { return one.first; });
  std::vector<Condition> some;
  for (std::size_t i = 0; i < needed; ++i) some.push_back(*known[i].second);
  if (auto clause = of_any(some)) return {std::move(*clause)};
  return {};
}

std::vector<Clause> of_all(const Condition& condition) {
  std::vector<Clause> clauses;
  for (const Condition& child : condition.children)
    std::ranges::move(clauses_of(child), std::back_inserter(clauses));
  std::ranges::stable_sort(clauses, std::ranges::greater(), strength);
  if (clauses.size() > kMaxClauses) clauses.resize(kMaxClauses);
  return clauses;
}

}  // namespace

std::vector<Clause> clauses_of(const Condition& condition) {
  switch (condition.op) {
    case Op::kAll:
    case Op::kNear:
    case Op::kCount:
      return of_all(condition);
    case Op::kAny:
      return of_some(condition, 1);
    case Op::kAtLeast:
      return condition.number == condition.children.size() ? of_all(condition)
                                                           : of_some(condition, condition.number);
    case Op::kPattern:
      return of_pattern(condition);
    case Op::kFact:
      return of_fact(condition.fact);
    case Op::kNot:
    case Op::kSize:
      return {};
  }
  return {};
}

bool needs_views(const Condition& condition) {
  if (condition.op == Op::kPattern)
    return condition.view == ViewKind::kCode || condition.view == ViewKind::kText;
  return std::ranges::any_of(condition.children, needs_views);
}

}  // namespace backscan::rules

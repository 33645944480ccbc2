// From a `when` tree to the words it needs in the raw bytes (clauses.h).
#include "rules/clauses.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "rules/regex_literals.h"
#include "rules/source_word.h"

namespace backscan::rules {
namespace {

constexpr std::size_t kMinLiteralBytes = 3;
constexpr std::size_t kRawStrength = 8;  // the pattern itself is asked for
constexpr std::size_t kMaxAlternatives = 16;  // of one rule
constexpr std::size_t kMaxExpressions = 64;  // of one clause
constexpr std::size_t kMaxClauses = 6;       // of one rule

std::vector<Clause> clauses_of(const Condition& condition);

/// Where the stage that states a fact opens the views, nothing else has to.
Clause left_to_stages() {
  return {.expressions = {}, .strength = SIZE_MAX};
}

void make_unique(Clause& clause) {
  std::ranges::sort(clause.expressions);
  clause.expressions.erase(std::ranges::unique(clause.expressions).begin(),
                           clause.expressions.end());
}

std::vector<Clause> of_pattern(const Condition& pattern) {
  // The layers of a packed file are looked at whenever it was unpacked.
  if (pattern.view == ViewKind::kUnpacked) return {left_to_stages()};
  if (pattern.view == ViewKind::kPath) return {};
  const auto tree = parse_regex(pattern.pattern);
  if (!tree) return {};
  if (pattern.view == ViewKind::kRaw) return {{{pattern.pattern}, kRawStrength}};
  std::vector<Clause> clauses;
  for (const std::vector<std::string>& group :
       required_groups_with_boundaries(*tree, kMinLiteralBytes)) {
    Clause clause{.expressions = {}, .strength = SIZE_MAX};
    for (const std::string& literal : group) {
      SourceWord word = source_word_of(literal);
      clause.strength = std::min(clause.strength, word.strength);
      clause.expressions.push_back(std::move(word.pattern));
    }
    make_unique(clause);
    if (clause.strength >= kMinLiteralBytes && clause.expressions.size() <= kMaxExpressions)
      clauses.push_back(std::move(clause));
  }
  // A shape without a word is one of those that the syntax signs tell.
  if (clauses.empty()) return {left_to_stages()};
  return clauses;
}

std::vector<Clause> of_fact(std::string_view name) {
  if (name.starts_with("mail.") || name.starts_with("exec.") || name.starts_with("write.") ||
      name.starts_with("unpack."))
    return {left_to_stages()};
  return {};  // facts about places and carriers need no view
}

/// One clause for "any of `conditions`"; nothing if one of them needs nothing that is known.
std::optional<Clause> of_any(std::span<const Condition> conditions) {
  Clause joined = left_to_stages();
  for (const Condition& condition : conditions) {
    const std::vector<Clause> clauses = clauses_of(condition);
    if (clauses.empty()) return std::nullopt;
    const Clause& best = *std::ranges::max_element(clauses, {}, &Clause::strength);
    joined.expressions.insert(joined.expressions.end(), best.expressions.begin(),
                              best.expressions.end());
    joined.strength = std::min(joined.strength, best.strength);
  }
  make_unique(joined);
  if (joined.expressions.size() > kMaxExpressions) return std::nullopt;
  return joined;
}

/// At least `n` of the conditions hold, so one of any (size - n + 1) of them: those that need most.
std::vector<Clause> of_some(const Condition& condition, std::size_t n) {
  std::vector<std::pair<std::size_t, const Condition*>> known;  // by strength
  for (const Condition& child : condition.children) {
    const std::vector<Clause> clauses = clauses_of(child);
    if (!clauses.empty()) known.emplace_back(std::ranges::max(clauses, {}, &Clause::strength).strength, &child);
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
  std::ranges::stable_sort(clauses, std::ranges::greater(), &Clause::strength);
  if (clauses.size() > kMaxClauses) clauses.resize(kMaxClauses);
  return clauses;
}

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

/// What each of `heads` and of `tails` asks for together; one clause for `tails` where that would be
/// too many.
std::vector<std::vector<Clause>> both(const std::vector<std::vector<Clause>>& heads,
                                      const Condition& tail) {
  std::vector<std::vector<Clause>> tails = alternatives_of(tail);
  if (heads.size() * tails.size() > kMaxAlternatives) tails = {clauses_of(tail)};
  std::vector<std::vector<Clause>> joined;
  for (const std::vector<Clause>& head : heads)
    for (const std::vector<Clause>& other : tails) {
      std::vector<Clause>& one = joined.emplace_back(head);
      one.insert(one.end(), other.begin(), other.end());
    }
  return joined;
}

}  // namespace

std::vector<std::vector<Clause>> alternatives_of(const Condition& condition) {
  std::vector<std::vector<Clause>> alternatives;
  if (condition.op == Op::kAny) {
    for (const Condition& child : condition.children)
      std::ranges::move(alternatives_of(child), std::back_inserter(alternatives));
  } else if (condition.op == Op::kAll || condition.op == Op::kNear || condition.op == Op::kCount) {
    alternatives.emplace_back();
    for (const Condition& child : condition.children) alternatives = both(alternatives, child);
  } else {
    alternatives.push_back(clauses_of(condition));
  }
  for (std::vector<Clause>& clauses : alternatives) {
    std::ranges::stable_sort(clauses, std::ranges::greater(), &Clause::strength);
    if (clauses.size() > kMaxClauses) clauses.resize(kMaxClauses);
  }
  if (alternatives.size() > kMaxAlternatives) return {clauses_of(condition)};
  return alternatives;
}

bool needs_views(const Condition& condition) {
  if (condition.op == Op::kPattern)
    return condition.view == ViewKind::kCode || condition.view == ViewKind::kText;
  return std::ranges::any_of(condition.children, needs_views);
}

std::vector<std::uint32_t> path_gate_of(const Condition& condition) {
  if (condition.op == Op::kPattern && condition.view == ViewKind::kPath) return {condition.index};
  std::vector<std::uint32_t> gate;
  for (const Condition& child : condition.children) {
    std::vector<std::uint32_t> one = path_gate_of(child);
    if (condition.op == Op::kAll && !one.empty()) return one;
    if (condition.op == Op::kAny && one.empty()) return {};
    if (condition.op == Op::kAny) gate.insert(gate.end(), one.begin(), one.end());
  }
  return gate;
}

}  // namespace backscan::rules

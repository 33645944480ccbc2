// What makes a rule worth judging (wake.h).
#include "rules/wake.h"

#include <algorithm>
#include <span>
#include <utility>

#include "rules/regex_literals.h"

namespace backscan::rules {
namespace {

/// Of `conditions` at least `n` must hold, so one of any (size - n + 1) of them does: the rarest.
std::optional<Wake> wake_of_some(std::span<const Condition> conditions, std::size_t n) {
  std::vector<Wake> wakes;
  for (const Condition& child : conditions)
    if (auto wake = wake_of(child)) wakes.push_back(std::move(*wake));
  const std::size_t needed = conditions.size() - n + 1;
  if (wakes.size() < needed) return std::nullopt;
  std::ranges::stable_sort(wakes, {}, &Wake::commonness);
  Wake joined;
  for (std::size_t i = 0; i < needed; ++i) {
    joined.leaves.insert(joined.leaves.end(), wakes[i].leaves.begin(), wakes[i].leaves.end());
    joined.commonness = std::max(joined.commonness, wakes[i].commonness);
  }
  return joined;
}

}  // namespace

Commonness commonness_of(const Condition& pattern) {
  if (pattern.view == ViewKind::kPath) return Commonness::kPath;
  const auto tree = parse_regex(pattern.pattern);
  if (!tree) return Commonness::kEverywhere;
  if (!required_literals(*tree, 6).empty() || required_run(*tree) >= kLongRun)
    return Commonness::kLong;
  return required_literals(*tree, 4).empty() ? Commonness::kEverywhere : Commonness::kShort;
}

std::optional<Wake> wake_of(const Condition& condition) {
  switch (condition.op) {
    case Op::kAll:
    case Op::kNear:
      return wake_of_some(condition.children, condition.children.size());
    case Op::kAny:
      return wake_of_some(condition.children, 1);
    case Op::kAtLeast:
      return wake_of_some(condition.children, condition.number);
    case Op::kCount:
      return wake_of(condition.children.front());
    case Op::kFact:
      return Wake{{&condition}, Commonness::kFact};
    case Op::kPattern:
      return Wake{{&condition}, commonness_of(condition)};
    case Op::kNot:
    case Op::kSize:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace backscan::rules

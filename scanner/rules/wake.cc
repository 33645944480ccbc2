// What makes a rule worth judging (wake.h).
#include "rules/wake.h"

#include <algorithm>
#include <span>
#include <utility>

#include "rules/common_code.h"
#include "rules/regex.h"
#include "rules/regex_rarity.h"

namespace backscan::rules {
namespace {

constexpr double kFactBits = 1000;  // made for the few files that a sink or a packer was seen in
constexpr double kPathBits = 8;
constexpr double kCommonBits = 4;
constexpr double kShapelessBits = 3;

double rarity_of_pattern(const Condition& pattern) {
  if (pattern.view == ViewKind::kPath) return kPathBits;
  const auto tree = parse_regex(pattern.pattern);
  if (!tree) return 0;
  if (!is_telling(*tree)) return kShapelessBits;
  return is_common(pattern.view, LazyRegex(pattern.pattern).get()) ? kCommonBits : rarity_of(*tree);
}

/// Of `conditions` at least `n` must hold, so one of any (size - n + 1) of them does: the rarest.
std::optional<Wake> wake_of_some(std::span<const Condition> conditions, std::size_t n) {
  std::vector<Wake> wakes;
  for (const Condition& child : conditions)
    if (auto wake = wake_of(child)) wakes.push_back(std::move(*wake));
  const std::size_t needed = conditions.size() - n + 1;
  if (wakes.size() < needed) return std::nullopt;
  std::ranges::stable_sort(wakes, std::ranges::greater(), &Wake::rarity);
  Wake joined{.leaves = {}, .rarity = kFactBits};
  for (std::size_t i = 0; i < needed; ++i) {
    joined.leaves.insert(joined.leaves.end(), wakes[i].leaves.begin(), wakes[i].leaves.end());
    joined.rarity = std::min(joined.rarity, wakes[i].rarity);
  }
  return joined;
}

}  // namespace

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
      return Wake{{&condition}, kFactBits};
    case Op::kPattern:
      return Wake{{&condition}, rarity_of_pattern(condition)};
    case Op::kNot:
    case Op::kSize:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace backscan::rules

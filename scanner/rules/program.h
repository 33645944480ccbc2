// The compiled rules: patterns without duplicates, the Hyperscan databases that propose them, and
// for every pattern and fact the rules that it wakes. Immutable; what RuleSet hides.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "rules/needs.h"
#include "rules/regex.h"
#include "rules/rule.h"
#include "rules/triggers.h"
#include "rules/proposer.h"

namespace backscan::rules {

/// The views that patterns look at, as indices into Program::proposers.
inline constexpr std::array<ViewKind, 5> kPatternViews = {
    ViewKind::kRaw, ViewKind::kCode, ViewKind::kText, ViewKind::kUnpacked, ViewKind::kPath};

[[nodiscard]] constexpr std::size_t view_index(ViewKind view) {
  return view == ViewKind::kPath ? 4 : static_cast<std::size_t>(view);
}

/// Places of a pattern that one file is searched for, unless `count` or `near` need more.
inline constexpr std::uint32_t kMaxPlaces = 20;
inline constexpr std::uint32_t kMaxNearPlaces = 1000;

/// When Hyperscan looks for a pattern: in every text, if it wakes rules; of the others the rare ones
/// in a text that something has spoken in, and common words never: RE2 soon finds them.
enum class Watch : std::uint8_t { kNever, kLate, kAlways };

struct Pattern {
  Pattern(ViewKind view_kind, const std::string& text) : view(view_kind), regex(text) {}

  ViewKind view;
  LazyRegex regex;
  LazyNeeds needs;
  std::uint32_t max_places = kMaxPlaces;
  std::vector<std::uint32_t> wakes;  // rules
  Watch watch = Watch::kNever;
};

/// Ids from here on are triggers of the table (triggers.h), not patterns.
inline constexpr std::uint32_t kFirstTriggerId = 1u << 30;

struct Program {
  std::vector<RuleInfo> rules;
  std::vector<Condition> conditions;  // parallel to rules
  std::deque<Pattern> patterns;       // a deque: LazyRegex does not move
  std::array<Proposer, kPatternViews.size()> proposers;       // Watch::kAlways, and triggers
  std::array<Proposer, kPatternViews.size()> late_proposers;  // Watch::kLate
  std::deque<LazyRegex> triggers;  // by number; empty where the proposers are precise enough
  std::vector<std::vector<std::uint32_t>> woken_by_fact;  // by index into kFactNames
  std::vector<std::uint32_t> always_awake;                // rules
  std::string version;

  /// True for the number of a pattern or a trigger.
  [[nodiscard]] bool knows_target(std::uint32_t id) const {
    if (id >= kFirstTriggerId) return id - kFirstTriggerId < trigger_patterns().size();
    return id < patterns.size();
  }
};

/// Everything but the proposers: numbers patterns and facts, finds what wakes each rule.
[[nodiscard]] Program index_rules(std::vector<Rule> rules);

/// Fills `proposers` and `late_proposers`.
[[nodiscard]] Result<void> compile_proposers(Program& program, ProposalMode mode);

/// Index of `name` in kFactNames; kFactNames.size() if there is none.
[[nodiscard]] std::size_t fact_index(std::string_view name);

}  // namespace backscan::rules

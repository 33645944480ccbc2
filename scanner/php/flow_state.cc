// Branches and joins of the flow state, and what a guard says about a source.
#include "php/flow_state.h"

#include <algorithm>

namespace backscan::php::flow {

Cell State::new_cell(const Value& value) {
  cells_.push_back(value);
  values_.charge(sizeof(Value));
  return static_cast<Cell>(cells_.size() - 1);
}

void State::set(Cell cell, const Value& value) {
  if (open_ways_ > 0) {
    trail_.emplace_back(cell, cells_[cell]);
    values_.charge(sizeof(trail_.back()));
  }
  cells_[cell] = value;
}

State::Mark State::begin_way(std::span<const Guard> conditions) {
  const Mark mark{trail_.size(), guards_.size(), path_sinks.size()};
  ++open_ways_;
  pass(conditions);
  return mark;
}

Way State::end_way(const Mark& mark, Ends ends) {
  Way way{.ends = ends};
  ++ways_;
  seen_.resize(cells_.size());
  // Walking back, the first mention of a cell holds its newest value.
  for (std::size_t i = trail_.size(); i-- > mark.trail;) {
    const Cell cell = trail_[i].first;
    if (seen_[cell] != ways_) way.changed.emplace_back(cell, cells_[cell]);
    seen_[cell] = ways_;
    cells_[cell] = trail_[i].second;
  }
  std::ranges::sort(way.changed, {}, [](const auto& change) { return change.first; });
  trail_.resize(mark.trail);
  const auto passed = static_cast<std::ptrdiff_t>(std::min(mark.guards, guards_.size()));
  way.guards.assign(guards_.begin() + passed, guards_.end());
  guards_.resize(static_cast<std::size_t>(passed));
  way.sinks.assign(path_sinks.begin() + static_cast<std::ptrdiff_t>(mark.sinks), path_sinks.end());
  path_sinks.resize(mark.sinks);
  --open_ways_;
  return way;
}

namespace {

bool counts(const Way& way) { return way.ends < Ends::kReturn; }

const Value* find_change(const Way& way, Cell cell) {
  const auto it = std::ranges::lower_bound(way.changed, cell, {},
                                           [](const auto& change) { return change.first; });
  return it != way.changed.end() && it->first == cell ? &it->second : nullptr;
}

}  // namespace

void State::join(std::span<const Way> ways) {
  std::vector<Cell>& cells = joined_;
  cells.clear();
  for (const Way& way : ways) {
    path_sinks.insert(path_sinks.end(), way.sinks.begin(), way.sinks.end());
    if (way.ends == Ends::kReturn) {
      returned_changes.insert(returned_changes.end(), way.changed.begin(), way.changed.end());
    }
    if (!counts(way)) continue;
    for (const auto& [cell, value] : way.changed) cells.push_back(cell);
  }
  std::ranges::sort(cells);
  const auto repeated = std::ranges::unique(cells);
  cells.erase(repeated.begin(), repeated.end());
  for (const Cell cell : cells) set(cell, join_values(ways, cell));
}

Value State::join_values(std::span<const Way> ways, Cell cell) {
  auto& alive = alive_;
  alive.clear();
  for (const Way& way : ways) {
    values_.charge(8);
    if (!counts(way)) continue;
    const Value* changed = find_change(way, cell);
    alive.emplace_back(&way, changed != nullptr ? changed : &cells_[cell]);
  }
  Value joined = *alive.front().second;
  for (std::size_t i = 1; i < alive.size(); ++i) joined = values_.join(joined, *alive[i].second);
  joined.implied = join_implied(alive);
  return joined;
}

namespace {

std::vector<Guard> implied_on(const Way& way, const Value& value, bool is_true) {
  std::vector<Guard> guards = way.guards;
  if (value.implied != nullptr) {
    const auto own = is_true ? value.implied->when_true : value.implied->when_false;
    for (const Guard& guard : own) {
      if (std::ranges::find(guards, guard) == guards.end()) guards.push_back(guard);
    }
  }
  return guards;
}

}  // namespace

// A flag such as $error says by its value which way was taken, and with it which checks passed.
const Implied* State::join_implied(std::span<const std::pair<const Way*, const Value*>> ways) {
  const auto says_nothing = [](const auto& way) {
    return way.first->guards.empty() && way.second->implied == nullptr;
  };
  if (std::ranges::all_of(ways, says_nothing)) return nullptr;
  const auto common = [&](bool is_true) {
    std::vector<Guard> guards;
    bool is_first = true;
    for (const auto& [way, value] : ways) {
      if (truth_of(*value) == (is_true ? Truth::kFalse : Truth::kTrue)) continue;
      const std::vector<Guard> here = implied_on(*way, *value, is_true);
      if (is_first) {
        guards = here;
      } else {
        std::erase_if(guards,
                      [&](const Guard& g) { return std::ranges::find(here, g) == here.end(); });
      }
      is_first = false;
    }
    return guards;
  };
  const std::vector<Guard> when_true = common(true);
  const std::vector<Guard> when_false = common(false);
  return imply(when_true, when_false);
}

const Implied* State::imply(std::span<const Guard> when_true, std::span<const Guard> when_false) {
  constexpr std::size_t kMaxGuards = 32;
  when_true = when_true.first(std::min(when_true.size(), kMaxGuards));
  when_false = when_false.first(std::min(when_false.size(), kMaxGuards));
  if (when_true.empty() && when_false.empty()) return nullptr;
  return values_.make(Implied{values_.make_span(when_true), values_.make_span(when_false)});
}

const Implied* State::choose(const Way& way_a, const Value& a, const Way& way_b, const Value& b) {
  const std::pair<const Way*, const Value*> ways[] = {{&way_a, &a}, {&way_b, &b}};
  return join_implied(ways);
}

const Implied* State::negate(const Implied* implied) {
  return implied == nullptr ? nullptr : imply(implied->when_false, implied->when_true);
}

bool State::has_guard(GuardKind kind) const {
  return std::ranges::find(guards_, kind, &Guard::kind) != guards_.end();
}

namespace {

// Whether `source` is `target`, a field of it or a part of it.
bool is_or_is_of(const Source* source, const Source* target) {
  for (; source != nullptr; source = source->whole) {
    if (source == target) return true;
  }
  return false;
}

}  // namespace

std::uint16_t State::safety_of(const Source* source) const {
  std::uint16_t safety = 0;
  for (const Guard& guard : guards_) {
    if (guard.target == nullptr || !is_or_is_of(source, guard.target)) continue;
    switch (guard.kind) {
      case GuardKind::kValidated: safety |= kSafeAddress | kSafeNoBreaks; break;
      case GuardKind::kNoBreaks: safety |= kSafeNoBreaks; break;
      case GuardKind::kAllowList: safety |= kSafeAllowed | kSafeNoBreaks; break;
      case GuardKind::kNumber: safety |= kSafeNumber | kSafeNoBreaks; break;
      default: break;
    }
  }
  return safety;
}

}  // namespace backscan::php::flow

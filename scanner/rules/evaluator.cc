// Judging `when` trees (evaluator.h).
#include "rules/evaluator.h"

#include <algorithm>

#include "model/fact_names.h"
#include "rules/near.h"

namespace backscan::rules {

FactIndex::FactIndex() : by_name_(kFactNames.size()) {}

void FactIndex::begin() {
  for (const std::uint32_t name : names_) by_name_[name].clear();
  names_.clear();
  groups_.clear();
  is_sorted_ = false;
}

void FactIndex::add(const Fact& fact) {
  const std::size_t name = fact_index(fact.name);
  if (name >= by_name_.size()) return;
  if (by_name_[name].empty()) names_.push_back(static_cast<std::uint32_t>(name));
  by_name_[name].push_back(&fact);
  if (fact.group != 0) groups_.push_back(fact.group);
  is_sorted_ = false;
}

const std::vector<std::uint32_t>& FactIndex::groups() {
  if (!is_sorted_) {
    std::ranges::sort(groups_);
    groups_.erase(std::ranges::unique(groups_).begin(), groups_.end());
    if (groups_.empty()) groups_.push_back(0);
    is_sorted_ = true;
  }
  return groups_;
}

void Evaluator::judge(std::uint32_t rule, std::vector<Match>& matches) {
  const Condition& when = program_.conditions[rule];
  const std::size_t first = matches.size();
  for (const std::uint32_t group : facts_.groups()) {
    group_ = group;
    if (!may_hold(when, true) || !holds(when)) continue;
    const std::size_t before = matches.size();
    const Fact* fact = deciding_fact(when);
    if (fact != nullptr && fact->group != 0)
      matches.push_back(match_at(*fact));
    else
      collect_places(when, matches);
    if (matches.size() == before) matches.push_back(match_of_file());
    for (std::size_t i = before; i < matches.size(); ++i)
      if (matches[i].fact == nullptr) matches[i].fact = fact;
  }
  for (std::size_t i = first; i < matches.size(); ++i) matches[i].rule = rule;
}

const Fact* Evaluator::find_fact(const Condition& condition) const {
  for (const Fact* fact : facts_.named(condition.index))
    if (fact->group == group_ || fact->group == 0) return fact;
  return nullptr;
}

bool Evaluator::could_hold(const Condition& condition) const {
  const auto child_could = [&](const Condition& child) { return could_hold(child); };
  const auto& children = condition.children;
  switch (condition.op) {
    case Op::kAll:
    case Op::kNear:
    case Op::kCount:
      return std::ranges::all_of(children, child_could);
    case Op::kAny:
      return std::ranges::any_of(children, child_could);
    case Op::kAtLeast:
      return std::ranges::count_if(children, child_could) >= condition.number;
    case Op::kPattern:
      return confirmer_.may_match(condition.index);
    case Op::kFact:
    case Op::kNot:
    case Op::kSize:
      return true;
  }
  return true;
}

bool Evaluator::may_hold(const Condition& condition, bool if_proposed) const {
  const auto child_may_hold = [&](const Condition& child) { return may_hold(child, if_proposed); };
  const auto& children = condition.children;
  switch (condition.op) {
    case Op::kAll:
      return std::ranges::all_of(children, child_may_hold);
    case Op::kAny:
      return std::ranges::any_of(children, child_may_hold);
    case Op::kNot:
      return !may_hold(children.front(), !if_proposed);
    case Op::kAtLeast:
      return std::ranges::count_if(children, child_may_hold) >= condition.number;
    case Op::kNear:
      return if_proposed && std::ranges::all_of(children, child_may_hold);
    case Op::kCount:
      if (children.front().op == Op::kFact)
        return facts_.named(children.front().index).size() >= condition.number;
      return if_proposed && child_may_hold(children.front());
    case Op::kPattern:
      return if_proposed && confirmer_.may_match(condition.index);
    case Op::kFact:
      return find_fact(condition) != nullptr;
    case Op::kSize:
      return size_bytes_ >= condition.min_size && size_bytes_ <= condition.max_size;
  }
  return false;
}

/// Stops at `enough`, and asks the conditions without patterns first: they cost nothing.
std::size_t Evaluator::count_holding(const Condition& condition, std::size_t enough) {
  std::size_t held = 0;
  for (const bool with_pattern : {false, true})
    for (const Condition& child : condition.children) {
      if (held >= enough) return held;
      if (child.has_pattern == with_pattern && holds(child)) ++held;
    }
  return held;
}

/// Asks what costs nothing first, then patterns that Hyperscan has answered for, then the rest.
bool Evaluator::all_hold(const Condition& condition) {
  for (const Cost cost : {Cost::kNothing, Cost::kAnswered, Cost::kSearch})
    for (const Condition& child : condition.children)
      if (cost_of(child) == cost && !holds(child)) return false;
  return true;
}

Evaluator::Cost Evaluator::cost_of(const Condition& condition) const {
  if (!condition.has_pattern) return Cost::kNothing;
  const bool is_answered =
      condition.op == Op::kPattern && program_.patterns[condition.index].watch == Watch::kAlways;
  return is_answered ? Cost::kAnswered : Cost::kSearch;
}

bool Evaluator::holds(const Condition& condition) {
  const Condition* child = condition.children.empty() ? nullptr : &condition.children.front();
  switch (condition.op) {
    case Op::kAll:
      return all_hold(condition);
    case Op::kAny:
      return count_holding(condition, 1) >= 1;
    case Op::kNot:
      return !holds(*child);
    case Op::kAtLeast:
      return count_holding(condition, condition.number) >= condition.number;
    case Op::kNear: {
      if (!may_hold(condition, true)) return false;
      const auto lists = lists_of(condition);
      return !lists.empty() && !near_clusters(lists, condition.number, 1).empty();
    }
    case Op::kCount:
      if (child->op == Op::kFact) return may_hold(condition, true);
      return confirmer_.places_of(child->index).size() >= condition.number;
    case Op::kPattern:
      return confirmer_.matches(condition.index);
    case Op::kFact:
    case Op::kSize:
      return may_hold(condition, true);
  }
  return false;
}

/// Places of each child; nothing if one has none, without looking for the rest.
std::vector<std::span<const Place>> Evaluator::lists_of(const Condition& near) {
  for (const Cost cost : {Cost::kAnswered, Cost::kSearch})
    for (const Condition& child : near.children)
      if (cost_of(child) == cost && !confirmer_.matches(child.index)) return {};
  std::vector<std::span<const Place>> lists;
  for (const Condition& child : near.children) {
    lists.push_back(confirmer_.places_of(child.index));
    if (lists.back().empty()) return {};
  }
  return lists;
}

const Fact* Evaluator::deciding_fact(const Condition& condition) {
  if (condition.op == Op::kNot) return nullptr;
  if (condition.op == Op::kFact) return find_fact(condition);
  const Fact* of_file = nullptr;
  for (const Condition& child : condition.children) {
    const Fact* fact = deciding_fact(child);
    if (fact == nullptr) continue;
    if (fact->group != 0) return fact;
    if (of_file == nullptr) of_file = fact;
  }
  return of_file;
}

void Evaluator::collect_places(const Condition& condition, std::vector<Match>& matches) {
  const std::size_t before = matches.size();
  switch (condition.op) {
    case Op::kAll:
    case Op::kCount:
      for (const Condition& child : condition.children) {
        collect_places(child, matches);
        if (matches.size() != before) return;
      }
      return;
    case Op::kAny:
    case Op::kAtLeast:
      for (const Condition& child : condition.children)
        if (may_hold(child, true) && holds(child)) collect_places(child, matches);
      return;
    case Op::kNear: {
      const auto lists = lists_of(condition);
      if (lists.empty()) return;
      for (const Place& place : near_clusters(lists, condition.number, kMaxPlaces))
        matches.push_back(match_at(place));
      return;
    }
    case Op::kPattern:
      if (condition.view == ViewKind::kPath) return;
      for (const Place& place : confirmer_.places_of(condition.index)
                                    .first(std::min<std::size_t>(
                                        kMaxPlaces, confirmer_.places_of(condition.index).size())))
        matches.push_back(match_at(place));
      return;
    case Op::kFact:
      if (const Fact* fact = find_fact(condition); fact != nullptr && fact->place != Span{})
        matches.push_back(match_at(*fact));
      return;
    case Op::kNot:
    case Op::kSize:
      return;
  }
}

Match Evaluator::match_at(const Place& place) const {
  const FedView& fed = confirmer_.fed(place.fed);
  Match match;
  match.excerpt_text = fed.view.text;
  match.excerpt_place = place.span;
  match.layer = fed.layer;
  if (fed.layer != 0) {
    match.view = ViewKind::kUnpacked;
    match.place = fed.origin;
    return match;
  }
  match.view = fed.view.kind;
  match.place = place.span;
  if (fed.view.map != nullptr && place.span.end > place.span.begin) {
    match.place.begin = fed.view.map->to_source(place.span.begin);
    match.place.end = std::max(match.place.begin, fed.view.map->to_source(place.span.end - 1)) + 1;
  }
  return match;
}

Match Evaluator::match_at(const Fact& fact) const {
  Match match;
  match.place = fact.place;
  match.layer = fact.layer;
  match.fact = &fact;
  // What is said of a file as a whole is said of its path.
  const bool is_of_path = fact.name.starts_with("file.") && fact.place == Span{};
  const bool is_of_bytes = fact.name.starts_with("file.") || fact.name.starts_with("ini.") ||
                           fact.name.starts_with("htaccess.");
  match.view = is_of_path                         ? ViewKind::kPath
               : fact.name.starts_with("unpack.") ? ViewKind::kUnpacked
               : is_of_bytes                      ? ViewKind::kRaw
                                                  : ViewKind::kFlow;
  const std::string_view raw = confirmer_.raw_text();
  if (fact.place.end <= raw.size()) {
    match.excerpt_text = raw;
    match.excerpt_place = fact.place;
  }
  return match;
}

Match Evaluator::match_of_file() const {
  Match match;
  match.view = ViewKind::kPath;
  const std::string_view path = confirmer_.fed(0).view.text;
  match.excerpt_text = path;
  match.excerpt_place = {0, static_cast<Offset>(path.size())};
  return match;
}

}  // namespace backscan::rules

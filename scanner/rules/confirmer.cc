// RE2 over what Hyperscan proposed (confirmer.h).
#include "rules/confirmer.h"

#include <algorithm>

#include "rules/repeats.h"

namespace backscan::rules {
namespace {

// A large text is searched in windows, so that the clock is looked at between them: one RE2 search
// cannot be interrupted. A match that begins in a window may reach this far beyond it.
constexpr std::size_t kWindowBytes = 256 * 1024;
constexpr std::size_t kOverhangBytes = 64 * 1024;

// A few patterns are found soonest one by one, most of them by what they need (needs.h); from then
// on one pass of Hyperscan over the view says which of all that may still be asked for are there at
// all.
constexpr std::uint32_t kAloneSearches = 6;

}  // namespace

Confirmer::Confirmer(const Program& program, ConfirmBudget budget, hs_scratch_t* scratch)
    : program_(program), budget_(budget), scratch_(scratch), states_(program.patterns.size()) {
  begin();
}

void Confirmer::begin() {
  // The epoch forgets all states at once; only when it wraps around are they reset one by one.
  if (++epoch_ == 0) {
    for (State& state : states_) state.epoch = 0;
    epoch_ = 1;
  }
  fed_.clear();
  short_.clear();
  shortened_.clear();
  late_.fill({});
  unconfirmed_ = 0;
  bytes_left_ = budget_.bytes;
  limit_.reset();
}

std::uint32_t Confirmer::feed(const FedView& view) {
  fed_.push_back(view);
  std::string& room = shortened_.emplace_back();
  short_.push_back(without_repeats(view.view.text, room));
  if (short_.back().data() != room.data()) shortened_.pop_back();
  return static_cast<std::uint32_t>(fed_.size() - 1);
}

std::string_view Confirmer::raw_text() const {
  for (const FedView& fed : fed_)
    if (fed.view.kind == ViewKind::kRaw) return fed.view.text;
  return {};
}

Confirmer::State& Confirmer::state_of(std::uint32_t pattern) {
  State& state = states_[pattern];
  if (state.epoch != epoch_) {
    state.epoch = epoch_;
    state.may_match = true;
    state.is_proposed = false;
    state.is_answered = false;
    state.is_searched = false;
    state.proposed_in.clear();
    state.places.clear();
  }
  return state;
}

void Confirmer::propose(std::uint32_t pattern, std::uint32_t fed) {
  State& state = state_of(pattern);
  if (!state.is_proposed) state.proposed_in.push_back(fed);
}

std::span<const Place> Confirmer::places_of(std::uint32_t number) {
  if (!may_match(number)) return {};
  const Pattern& pattern = program_.patterns[number];
  State& state = state_of(number);
  if (!state.is_searched) {
    propose_all(pattern, state);
    search(pattern, state);
  }
  return state.places;
}

bool Confirmer::matches(std::uint32_t number) {
  if (!may_match(number)) return false;
  const Pattern& pattern = program_.patterns[number];
  State& state = state_of(number);
  if (!state.is_answered) {
    propose_all(pattern, state);
    answer(pattern, state);
  }
  return state.may_match;
}

void Confirmer::propose_all(const Pattern& pattern, State& state) {
  if (state.is_proposed) return;
  if (pattern.watch == Watch::kNever ||
      (pattern.watch == Watch::kLate && !propose_late(pattern.view)))
    propose_everywhere(pattern, state);
  state.is_proposed = true;
}

void Confirmer::propose_everywhere(const Pattern& pattern, State& state) {
  const Needs& needs = pattern.needs.of(pattern.regex.pattern());
  for (std::uint32_t fed = 0; fed < fed_.size(); ++fed)
    if (fed_[fed].view.kind == pattern.view && needs.are_met_by(short_[fed]))
      state.proposed_in.push_back(fed);
}

bool Confirmer::propose_late(ViewKind kind) {
  Late& late = late_[view_index(kind)];
  if (late.is_scanned) return true;
  if (late.asked_for++ < kAloneSearches) return false;
  late.is_scanned = true;
  for (std::uint32_t fed = 0; fed < fed_.size(); ++fed)
    if (fed_[fed].view.kind == kind)
      proposing_.scan(program_.late_proposers[view_index(kind)], short_[fed], scratch_,
                      [&](std::uint32_t id) { propose(id, fed); });
  return true;
}

bool Confirmer::has_budget() {
  if (!limit_) limit_.emplace(budget_.cpu_time);
  return bytes_left_ != 0 && !limit_->is_over();
}

void Confirmer::answer(const Pattern& pattern, State& state) {
  state.is_answered = true;
  bool is_found = false;
  auto fed = state.proposed_in.begin();
  for (; fed != state.proposed_in.end(); ++fed) {
    const bool is_done = is_in_view(pattern, *fed, is_found);
    if (!is_done) ++unconfirmed_;
    if (is_found || !is_done) break;
  }
  state.may_match = is_found;
  state.is_searched = !is_found;
  // Where it is, is looked for from here on.
  state.proposed_in.erase(state.proposed_in.begin(), fed);
}

/// False if the budget ended first.
bool Confirmer::is_in_view(const Pattern& pattern, std::uint32_t fed, bool& is_found) {
  const std::string_view text = fed_[fed].view.text;
  const re2::StringPiece whole(text.data(), text.size());
  for (std::size_t window = 0; window < text.size(); window += kWindowBytes) {
    if (!has_budget()) return false;
    const std::size_t end = std::min(text.size(), window + kWindowBytes + kOverhangBytes);
    is_found = pattern.regex.get().Match(whole, window, end, re2::RE2::UNANCHORED, nullptr, 0);
    bytes_left_ -= std::min<std::uint64_t>(bytes_left_, end - window);
    if (is_found || end == text.size()) break;
  }
  return true;
}

void Confirmer::search(const Pattern& pattern, State& state) {
  state.is_searched = true;
  for (const std::uint32_t fed : state.proposed_in) {
    if (state.places.size() >= pattern.max_places) break;
    if (!search_view(pattern, fed, state.places)) {
      ++unconfirmed_;
      break;
    }
  }
  if (state.is_answered)
    return;  // and stays so, even if the budget ended before it was found again
  state.is_answered = true;
  state.may_match = !state.places.empty();
}

/// False if the budget ended first.
bool Confirmer::search_view(const Pattern& pattern, std::uint32_t fed, std::vector<Place>& places) {
  const std::string_view text = fed_[fed].view.text;
  const re2::RE2& regex = pattern.regex.get();
  const re2::StringPiece whole(text.data(), text.size());
  std::size_t at = 0;      // the next match begins here or later
  std::size_t window = 0;  // and at or after this window's begin
  while (window < text.size()) {
    const bool is_last = text.size() - window <= kWindowBytes + kOverhangBytes;
    const std::size_t end = is_last ? text.size() : window + kWindowBytes + kOverhangBytes;
    const std::size_t next_window = is_last ? text.size() : window + kWindowBytes;
    at = std::max(at, window);
    while (at < next_window) {
      if (!has_budget()) return false;
      re2::StringPiece match;
      const bool is_match = regex.Match(whole, at, end, re2::RE2::UNANCHORED, &match, 1);
      const std::size_t match_begin =
          is_match ? static_cast<std::size_t>(match.data() - text.data()) : end;
      const std::size_t match_end = is_match ? match_begin + match.size() : end;
      bytes_left_ -= std::min<std::uint64_t>(bytes_left_, match_end - at + 1);
      if (!is_match || match_begin >= next_window) break;
      places.push_back({fed, {static_cast<Offset>(match_begin), static_cast<Offset>(match_end)}});
      if (places.size() >= pattern.max_places) return true;
      at = std::max(match_end, match_begin + 1);
    }
    window = next_window;
  }
  return true;
}

}  // namespace backscan::rules

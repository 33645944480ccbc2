// RE2 over what Hyperscan proposed in one file: which patterns really match, and where; within a
// budget of bytes and processor time.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/cpu_limit.h"
#include "rules/program.h"

namespace backscan::rules {

/// One text that was fed: a view of the file or of a layer.
struct FedView {
  View view;
  std::uint32_t layer = 0;
  Span origin;  // of the layer
};

/// A match of a pattern: offsets in the text of a fed view.
struct Place {
  std::uint32_t fed = 0;  // index of the fed view
  Span span;
};

/// What confirming one file may cost. Bytes bound honest work the same way on every machine; time
/// bounds the patterns that RE2 is slow on.
struct ConfirmBudget {
  std::uint64_t bytes = std::uint64_t{512} << 20;
  std::chrono::milliseconds cpu_time{2000};
};

class Confirmer {
 public:
  /// `scratch` fits the late proposers of `program`.
  Confirmer(const Program& program, ConfirmBudget budget, hs_scratch_t* scratch);

  /// Forgets the last file.
  void begin();
  /// Returns the index of the view, to be named in `propose`.
  std::uint32_t feed(const FedView& view);
  void propose(std::uint32_t pattern, std::uint32_t fed);

  /// False if `pattern` was looked for and not proposed.
  [[nodiscard]] bool may_match(std::uint32_t pattern) const {
    if (const State& state = states_[pattern]; state.epoch == epoch_) return state.may_match;
    const Pattern& asked = program_.patterns[pattern];
    return asked.watch == Watch::kNever ||
           (asked.watch == Watch::kLate && !late_[view_index(asked.view)].is_scanned);
  }
  /// True if `pattern` matches somewhere: found sooner than where. Searches when first asked, after
  /// the last `feed`; what it says stays the same until the next `begin`.
  [[nodiscard]] bool matches(std::uint32_t pattern);
  /// All places of `pattern`, at most its max_places, in the order of the fed views.
  [[nodiscard]] std::span<const Place> places_of(std::uint32_t pattern);

  [[nodiscard]] const FedView& fed(std::uint32_t index) const { return fed_[index]; }
  /// What to look through for proposals: the view's text, without what it repeats (repeats.h).
  [[nodiscard]] std::string_view text_to_propose(std::uint32_t fed) const { return short_[fed]; }
  /// The bytes of the file; empty before they were fed.
  [[nodiscard]] std::string_view raw_text() const;
  /// Patterns whose search the budget cut short.
  [[nodiscard]] std::uint32_t unconfirmed() const { return unconfirmed_; }

 private:
  struct State {
    std::uint32_t epoch = 0;
    bool may_match = true;                   // unless a search said otherwise
    bool is_proposed = false;                // in all views that there are
    bool is_answered = false;                // whether it matches
    bool is_searched = false;                // … and where
    std::vector<std::uint32_t> proposed_in;  // fed views
    std::vector<Place> places;
  };

  /// What is known of the late patterns over one kind of view.
  struct Late {
    std::uint32_t asked_for = 0;
    bool is_scanned = false;
  };

  [[nodiscard]] State& state_of(std::uint32_t pattern);
  /// Fills `proposed_in` where Hyperscan did not before.
  void propose_all(const Pattern& pattern, State& state);
  void propose_everywhere(const Pattern& pattern, State& state);
  /// False if `pattern` is better looked for by itself.
  bool propose_late(ViewKind view);
  [[nodiscard]] bool has_budget();
  void answer(const Pattern& pattern, State& state);
  bool is_in_view(const Pattern& pattern, std::uint32_t fed, bool& is_found);
  void search(const Pattern& pattern, State& state);
  bool search_view(const Pattern& pattern, std::uint32_t fed, std::vector<Place>& places);

  const Program& program_;
  const ConfirmBudget budget_;
  hs_scratch_t* const scratch_;
  ProposerState proposing_;
  std::array<Late, kPatternViews.size()> late_{};  // by view_index
  std::vector<State> states_;                      // by pattern
  std::vector<FedView> fed_;
  std::vector<std::string_view> short_;  // by fed view
  std::deque<std::string> shortened_;    // what some of them are views of
  std::uint32_t epoch_ = 1;
  std::uint32_t unconfirmed_ = 0;
  std::uint64_t bytes_left_ = 0;
  std::optional<CpuLimit> limit_;  // from the first search on
};

}  // namespace backscan::rules

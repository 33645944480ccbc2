// Which patterns may match in a text: expressions or literals in one Hyperscan database, and what
// each of them speaks for. Its own file because there are two ways to the same answer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/proposal_database.h"
#include "rules/runs.h"
#include "rules/shapes.h"

namespace backscan::rules {

/// How patterns are proposed. Expressions are precise and need an automaton that can be trusted;
/// literals (all the literals that a match must hold were seen) work with every version of the
/// library, and send more to RE2.
enum class ProposalMode : std::uint8_t { kExpressions, kLiterals };

/// The mode that the library at hand allows.
[[nodiscard]] ProposalMode default_proposal_mode();

/// What is proposed, under a number of the caller's own.
struct Proposable {
  std::uint32_t id = 0;
  std::string pattern;    // RE2 syntax
  bool is_final = false;  // nobody looks again at what is proposed
};

/// Immutable; one a view.
class Proposer {
 public:
  Proposer() = default;
  [[nodiscard]] static Result<Proposer> compile(std::span<const Proposable> proposables,
                                                ProposalMode mode);

  [[nodiscard]] const ProposalDatabase& database() const { return database_; }
  /// Ids that are proposed for every text: the library cannot look for them.
  [[nodiscard]] std::span<const std::uint32_t> always() const { return always_; }

  /// To and from an archive (archive.h). `read` is false for what is not sound; `is_known` says
  /// whether the caller has such an id.
  template <typename Archive>
  [[nodiscard]] Result<void> write(Archive& archive) {
    auto database = database_.serialize();
    if (!database) return std::unexpected(database.error());
    archive(targets_, uses_, always_, runs_, shapes_, *database);
    return {};
  }
  template <typename Archive, typename IsKnown>
  [[nodiscard]] bool read(Archive& archive, IsKnown is_known) {
    std::string_view database;
    archive(targets_, uses_, always_, runs_, shapes_, database);
    if (archive.failed() || !is_sound(is_known)) return false;
    join_runs();
    auto loaded = ProposalDatabase::deserialize(database);
    if (loaded) database_ = std::move(*loaded);
    return loaded.has_value();
  }

 private:
  friend class ProposerState;
  friend class ProposerBuilder;
  struct Use {
    std::uint32_t target = 0;
    std::uint32_t bit = 0;
  };
  struct Target {
    std::uint32_t id = 0;
    std::uint32_t needed = 1;  // one bit for each group
  };
  /// Looked for without the library.
  struct RunTarget {
    std::uint32_t id = 0;
    ByteRun run;
  };
  struct ShapeTarget {
    std::uint32_t id = 0;
    Shape shape;
  };
  template <typename Archive>
  friend void fields(Archive& archive, ShapeTarget& target) {
    auto& [first, second] = target.shape.marks;
    archive(target.id, first[0], first[1], first[2], second[0], second[1], second[2],
            target.shape.before, target.shape.behind);
  }
  template <typename Archive>
  friend void fields(Archive& archive, RunTarget& target) {
    auto& [a, b, c, d] = target.run.bytes;
    archive(target.id, target.run.min_bytes, a, b, c, d);
  }
  template <typename Archive>
  friend void fields(Archive& archive, Use& use) {
    archive(use.target, use.bit);
  }
  template <typename Archive>
  friend void fields(Archive& archive, Target& target) {
    archive(target.id, target.needed);
  }
  void join_runs() {
    if (runs_.empty()) return;
    any_run_ = runs_.front().run;
    for (const RunTarget& target : runs_) any_run_.widen_to(target.run);
  }
  template <typename IsKnown>
  [[nodiscard]] bool is_sound(IsKnown is_known) const {
    const auto fits = [&](const Use& use) { return use.target < targets_.size(); };
    return std::ranges::all_of(always_, is_known) &&
           std::ranges::all_of(
               runs_, [&](const RunTarget& t) { return is_known(t.id) && t.run.min_bytes > 0; }) &&
           std::ranges::all_of(shapes_, [&](const ShapeTarget& t) { return is_known(t.id); }) &&
           std::ranges::all_of(targets_, [&](const Target& t) { return is_known(t.id); }) &&
           std::ranges::all_of(uses_,
                               [&](const auto& uses) { return std::ranges::all_of(uses, fits); });
  }

  ProposalDatabase database_;
  std::vector<Target> targets_;
  std::vector<std::vector<Use>> uses_;  // by expression
  std::vector<std::uint32_t> always_;
  std::vector<RunTarget> runs_;
  ByteRun any_run_;  // stands wherever one of them does
  std::vector<ShapeTarget> shapes_;
};

/// What one scan has seen so far; one a thread, for every proposer in turn.
class ProposerState {
 public:
  /// Calls `propose(id)` once for each pattern that may match in `text`.
  template <typename Propose>
  void scan(const Proposer& proposer, std::string_view text, hs_scratch_t* scratch,
            Propose&& propose) {
    for (const std::uint32_t id : proposer.always_) propose(id);
    if (!proposer.runs_.empty() && holds_run(text, proposer.any_run_))
      for (const Proposer::RunTarget& target : proposer.runs_)
        if (holds_run(text, target.run)) propose(target.id);
    for (const Proposer::ShapeTarget& target : proposer.shapes_)
      if (holds_shape(text, target.shape)) propose(target.id);
    if (seen_.size() < proposer.targets_.size()) seen_.resize(proposer.targets_.size(), 0);
    auto on_expression = [&](std::uint32_t expression) {
      for (const Proposer::Use& use : proposer.uses_[expression]) {
        std::uint32_t& seen = seen_[use.target];
        if ((seen & use.bit) != 0) continue;
        if (seen == 0) touched_.push_back(use.target);
        seen |= use.bit;
        if (seen == proposer.targets_[use.target].needed) propose(proposer.targets_[use.target].id);
      }
    };
    proposer.database_.scan(text, scratch, on_expression);
    for (const std::uint32_t target : touched_) seen_[target] = 0;
    touched_.clear();
  }

 private:
  std::vector<std::uint32_t> seen_;  // by target: bits of the literal groups
  std::vector<std::uint32_t> touched_;
};

}  // namespace backscan::rules

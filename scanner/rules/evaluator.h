// Judges the `when` trees of woken rules over one file's proposals and facts (when.h says what each
// word means).
#pragma once

#include <cstdint>
#include <vector>

#include "rules/confirmer.h"
#include "rules/program.h"

namespace backscan::rules {

/// The facts of one file, by name.
class FactIndex {
 public:
  FactIndex();
  void begin();
  void add(const Fact& fact);

  [[nodiscard]] const std::vector<const Fact*>& named(std::uint32_t name) const {
    return by_name_[name];
  }
  /// Names that have facts.
  [[nodiscard]] const std::vector<std::uint32_t>& names() const { return names_; }
  /// The groups 1, 2, … that have facts, sorted; {0} if there is none.
  [[nodiscard]] const std::vector<std::uint32_t>& groups();

 private:
  std::vector<std::vector<const Fact*>> by_name_;
  std::vector<std::uint32_t> names_;
  std::vector<std::uint32_t> groups_;
  bool is_sorted_ = false;
};

class Evaluator {
 public:
  Evaluator(const Program& program, Confirmer& confirmer, FactIndex& facts,
            std::uint64_t size_bytes)
      : program_(program), confirmer_(confirmer), facts_(facts), size_bytes_(size_bytes) {}

  /// False if `rule` cannot hold whatever facts there will be.
  [[nodiscard]] bool could_hold(std::uint32_t rule) const {
    return could_hold(program_.conditions[rule]);
  }
  /// Appends the matches of `rule`, in every group.
  void judge(std::uint32_t rule, std::vector<Match>& matches);

 private:
  [[nodiscard]] bool could_hold(const Condition& condition) const;
  /// A bound before RE2 is asked: with `if_proposed` every proposal counts as a match, so that
  /// false means "cannot hold"; without, none does, so that true means "holds whatever RE2 says".
  [[nodiscard]] bool may_hold(const Condition& condition, bool if_proposed) const;
  [[nodiscard]] bool holds(const Condition& condition);
  [[nodiscard]] bool all_hold(const Condition& condition);
  enum class Cost : std::uint8_t { kNothing, kAnswered, kSearch };
  [[nodiscard]] Cost cost_of(const Condition& condition) const;
  [[nodiscard]] std::size_t count_holding(const Condition& condition, std::size_t enough);
  [[nodiscard]] const Fact* find_fact(const Condition& condition) const;
  [[nodiscard]] std::vector<std::span<const Place>> lists_of(const Condition& near);

  /// The first fact of the group that `condition`, which holds, asks for; else the first of the
  /// file.
  [[nodiscard]] const Fact* deciding_fact(const Condition& condition);
  /// Where `condition`, which holds, was seen; nothing is appended if nowhere.
  void collect_places(const Condition& condition, std::vector<Match>& matches);
  [[nodiscard]] Match match_at(const Place& place) const;
  [[nodiscard]] Match match_at(const Fact& fact) const;
  [[nodiscard]] Match match_of_file() const;

  const Program& program_;
  Confirmer& confirmer_;
  FactIndex& facts_;
  std::uint64_t size_bytes_;
  std::uint32_t group_ = 0;
};

}  // namespace backscan::rules

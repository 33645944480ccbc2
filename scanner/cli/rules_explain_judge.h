// Judges a rule's `when` tree condition by condition and says of each why it holds or not. The
// engine (rules/evaluator.h) stops at the first that decides; this one asks them all, by RE2 alone,
// and so is also a second opinion on it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/rules_explain_readings.h"
#include "rules/rule.h"

namespace backscan::cli {

struct Explanation {
  bool holds = false;
  std::string what;         // "code: /mail\(/", "fact mail.sink", "all"
  std::string why;          // "matches", "the literal 'rcpt to' is nowhere in the file"
  std::vector<Span> places; // on disk, where it was seen; empty: nowhere
  std::vector<Explanation> children;
};

class RuleJudge {
 public:
  explicit RuleJudge(const Readings& readings) : readings_(readings) {}

  /// The `when` tree for the facts of one group (0: those of the whole file only).
  [[nodiscard]] Explanation judge(const rules::Condition& when, std::uint32_t group) const;
  /// The groups of facts that a rule is judged for.
  [[nodiscard]] std::vector<std::uint32_t> groups() const;

 private:
  /// A match of a pattern in the reading of this index.
  struct Hit {
    std::size_t reading;
    Span place;
  };
  [[nodiscard]] std::vector<Hit> search(const rules::Condition& pattern, bool in_open,
                                        std::size_t most) const;
  void judge_pattern(const rules::Condition& when, Explanation& out) const;
  void judge_fact(const rules::Condition& when, std::uint32_t group, Explanation& out) const;
  void judge_children(const rules::Condition& when, std::uint32_t group, Explanation& out) const;
  void judge_near(const rules::Condition& when, Explanation& out) const;
  void judge_count(const rules::Condition& when, Explanation& out) const;
  [[nodiscard]] std::string why_not(const rules::Condition& pattern) const;

  const Readings& readings_;
};

}  // namespace backscan::cli

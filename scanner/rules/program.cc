// From rules to a Program (program.h).
#include "rules/program.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "model/fact_names.h"
#include "rules/common_code.h"
#include "rules/regex_literals.h"
#include "rules/regex_rarity.h"
#include "rules/regex_tree.h"
#include "rules/wake.h"

namespace backscan::rules {
namespace {

// Of regex_rarity.h: a word.
constexpr double kLateBits = 13;
constexpr std::size_t kWordBytes = 3;

class Indexer {
 public:
  explicit Indexer(Program& program) : program_(program) {}

  void number(Condition& condition, std::uint32_t places) {
    if (condition.op == Op::kFact) {
      condition.index = static_cast<std::uint32_t>(fact_index(condition.fact));
    } else if (condition.op == Op::kPattern) {
      const auto key = std::pair(condition.view, condition.pattern);
      const auto [it, is_new] =
          numbers_.try_emplace(key, static_cast<std::uint32_t>(program_.patterns.size()));
      if (is_new) program_.patterns.emplace_back(condition.view, condition.pattern);
      condition.index = it->second;
      condition.has_pattern = true;
      Pattern& pattern = program_.patterns[condition.index];
      pattern.max_places = std::max(pattern.max_places, places);
    }
    for (Condition& child : condition.children) {
      number(child, condition.op == Op::kNear    ? kMaxNearPlaces
                    : condition.op == Op::kCount ? condition.number
                                                 : 0);
      condition.has_pattern |= child.has_pattern;
    }
  }

 private:
  Program& program_;
  std::map<std::pair<ViewKind, std::string>, std::uint32_t> numbers_;
};

void add_once(std::vector<std::uint32_t>& rules, std::uint32_t rule) {
  if (rules.empty() || rules.back() != rule) rules.push_back(rule);
}

Watch watch_of(const Pattern& pattern) {
  if (!pattern.wakes.empty() || pattern.view == ViewKind::kPath) return Watch::kAlways;
  const auto tree = parse_regex(pattern.regex.pattern());
  // Hyperscan is quick at words and slow at runs and shapes: one of these can cost as much as all
  // the words together. RE2 looks for them where they are asked for.
  const bool has_word = tree && !required_literals(*tree, kWordBytes).empty();
  const bool is_rare = has_word && rarity_of(*tree) >= kLateBits;
  return is_rare && !is_common(pattern.view, pattern.regex.get()) ? Watch::kLate : Watch::kNever;
}

std::vector<Proposable> patterns_over(const Program& program, ViewKind view, Watch watch) {
  std::vector<Proposable> proposables;
  for (std::uint32_t id = 0; id < program.patterns.size(); ++id)
    if (program.patterns[id].view == view && program.patterns[id].watch == watch)
      proposables.push_back({id, program.patterns[id].regex.pattern()});
  return proposables;
}

}  // namespace

std::size_t fact_index(std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(kFactNames, name) - kFactNames.begin());
}

Program index_rules(std::vector<Rule> rules) {
  Program program;
  program.woken_by_fact.resize(kFactNames.size());
  Indexer indexer(program);
  for (Rule& rule : rules) {
    indexer.number(rule.when, 0);
    program.rules.push_back(std::move(rule.info));
    program.conditions.push_back(std::move(rule.when));
  }
  for (std::uint32_t rule = 0; rule < program.conditions.size(); ++rule) {
    const auto wake = wake_of(program.conditions[rule]);
    if (!wake) program.always_awake.push_back(rule);
    for (const Condition* leaf : wake ? wake->leaves : std::vector<const Condition*>{})
      add_once(leaf->op == Op::kFact ? program.woken_by_fact[leaf->index]
                                     : program.patterns[leaf->index].wakes,
               rule);
  }
  for (Pattern& pattern : program.patterns) pattern.watch = watch_of(pattern);
  return program;
}

Result<void> compile_proposers(Program& program, ProposalMode mode) {
  for (const ViewKind view : kPatternViews) {
    std::vector<Proposable> late = patterns_over(program, view, Watch::kLate);
    auto late_proposer = Proposer::compile(late, mode);
    if (!late_proposer) return std::unexpected(late_proposer.error());
    program.late_proposers[view_index(view)] = std::move(*late_proposer);
    std::vector<Proposable> proposables = patterns_over(program, view, Watch::kAlways);
    for (std::uint32_t i = 0; i < trigger_patterns().size(); ++i)
      if (trigger_patterns()[i].view == view)
        proposables.push_back(
            {kFirstTriggerId + i, std::string(trigger_patterns()[i].pattern), /*is_final=*/true});
    auto proposer = Proposer::compile(proposables, mode);
    if (!proposer) return std::unexpected(proposer.error());
    program.proposers[view_index(view)] = std::move(*proposer);
  }
  // A trigger's literals stand in every third file: RE2 has to look.
  if (mode == ProposalMode::kLiterals)
    for (const TriggerPattern& trigger : trigger_patterns())
      program.triggers.emplace_back(std::string(trigger.pattern));
  return {};
}

}  // namespace backscan::rules

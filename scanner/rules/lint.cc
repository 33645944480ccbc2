// Judging rules that load (lint.h).
#include "rules/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "rules/regex_literals.h"
#include "rules/regex_rarity.h"
#include "rules/wake.h"

namespace backscan::rules {
namespace {


bool is_everywhere(const Condition& pattern) {
  const auto tree = parse_regex(pattern.pattern);
  return !tree || !is_telling(*tree);
}

class RuleLint {
 public:
  RuleLint(const Rule& rule, std::vector<Error>& notes) : rule_(rule), notes_(notes) {}

  void check() {
    check_metadata();
    check_wake();
    check_patterns(rule_.when);
  }

 private:
  void note(std::size_t line, std::string reason) {
    notes_.push_back({fmt::format("{}:{}", rule_.info.file, line), std::move(reason)});
  }

  void check_metadata() {
    const RuleInfo& info = rule_.info;
    const auto want = [&](bool is_there, const char* key) {
      if (!is_there) note(info.line, fmt::format("missing key '{}'", key));
    };
    want(info.message != info.title, "message");
    want(!info.remedy.empty(), "remedy");
    want(!info.false_positives.empty(), "false_positives");
    want(!info.references.empty(), "references");
    want(!info.causes.empty(), "causes");
    want(!info.author.empty(), "author");
    want(!info.date.empty(), "date");
  }

  /// A rule must not be judged for every file.
  void check_wake() {
    if (rule_.is_slow_allowed) return;
    const auto wake = wake_of(rule_.when);
    if (!wake) {
      note(rule_.when.line,
           "would be judged for every file: nothing that must be seen (a pattern, "
           "a path or a fact); say 'slow: true' if that is meant");
      return;
    }
    for (const Condition* leaf : wake->leaves)
      if (leaf->op == Op::kPattern && leaf->view != ViewKind::kPath && is_everywhere(*leaf))
        note(leaf->line,
             fmt::format("would be judged for most files: pattern '{}' needs no literal "
                         "of four bytes or more; say 'slow: true' if that is meant",
                         leaf->pattern));
  }

  void check_patterns(const Condition& condition) {
    if (condition.op == Op::kPattern && condition.view != ViewKind::kPath &&
        !rule_.is_slow_allowed) {
      const auto tree = parse_regex(condition.pattern);
      if (tree && begins_with_wide_repeat(*tree))
        note(condition.line, fmt::format("pattern '{}' begins with a wide repeat: every position "
                                         "of a file would start an attempt",
                                         condition.pattern));
    }
    for (const Condition& child : condition.children) check_patterns(child);
  }

  const Rule& rule_;
  std::vector<Error>& notes_;
};

/// The tree as text, for finding doubles.
void write(const Condition& condition, std::string& out) {
  out += fmt::format("({},{},{},{},{},{},{}", static_cast<int>(condition.op),
                     static_cast<int>(condition.view), condition.pattern, condition.fact,
                     condition.number, condition.min_size, condition.max_size);
  for (const Condition& child : condition.children) write(child, out);
  out += ')';
}

/// The patterns of which each alone makes the rule hold.
void collect_sufficient(const Condition& condition, std::vector<const Condition*>& patterns) {
  const bool is_pattern = condition.op == Op::kPattern;
  const bool hands_on = condition.op == Op::kAny ||
                        (condition.op == Op::kAll && condition.children.size() == 1) ||
                        (condition.op == Op::kAtLeast && condition.number == 1);
  if (is_pattern) patterns.push_back(&condition);
  if (hands_on)
    for (const Condition& child : condition.children) collect_sufficient(child, patterns);
}

/// Where one pattern is enough for two rules, every file that has it is reported twice.
class DoublePatterns {
 public:
  explicit DoublePatterns(std::vector<Error>& notes) : notes_(notes) {}

  void add(const Rule& rule) {
    std::vector<const Condition*> patterns;
    collect_sufficient(rule.when, patterns);
    for (const Condition* pattern : patterns) {
      const auto [it, is_new] = seen_.try_emplace({pattern->view, pattern->pattern}, &rule);
      if (!is_new)
        notes_.push_back({fmt::format("{}:{}", rule.info.file, pattern->line),
                          fmt::format("the pattern '{}' is enough for {}, too", pattern->pattern,
                                      it->second->info.id)});
    }
  }

 private:
  std::vector<Error>& notes_;
  std::map<std::pair<ViewKind, std::string>, const Rule*> seen_;
};

}  // namespace

std::vector<Error> lint_rules(std::span<const Rule> rules) {
  std::vector<Error> notes;
  std::map<std::string, const Rule*> by_tree;
  DoublePatterns doubles(notes);
  for (const Rule& rule : rules) {
    RuleLint(rule, notes).check();
    std::string tree;
    write(rule.when, tree);
    const auto [it, is_new] = by_tree.try_emplace(std::move(tree), &rule);
    if (!is_new)
      notes.push_back({fmt::format("{}:{}", rule.info.file, rule.when.line),
                       "the same conditions as " + it->second->info.id});
    else
      doubles.add(rule);
  }
  return notes;
}

std::map<std::string, Coverage> coverage_of(std::span<const FixtureFile> fixtures) {
  std::map<std::string, Coverage> coverage;
  for (const FixtureFile& fixture : fixtures)
    for (const Expectation& expected : fixture.expectations) {
      if (expected.is_todo) continue;
      Coverage& rule = coverage[expected.rule];
      ++(expected.is_hit ? rule.hits : rule.oks);
    }
  return coverage;
}

std::vector<Error> lint_coverage(std::span<const Rule> rules,
                                 const std::map<std::string, Coverage>& coverage) {
  std::vector<Error> notes;
  for (const Rule& rule : rules) {
    const auto it = coverage.find(rule.info.id);
    const Coverage found = it == coverage.end() ? Coverage{} : it->second;
    const std::string object = fmt::format("{}:{}", rule.info.file, rule.info.line);
    if (found.hits == 0) notes.push_back({object, "no fixture says 'hit: " + rule.info.id + "'"});
    if (found.oks == 0) notes.push_back({object, "no fixture says 'ok: " + rule.info.id + "'"});
  }
  return notes;
}

std::vector<Error> lint_annotations(std::span<const Rule> rules,
                                    std::span<const FixtureFile> fixtures) {
  std::set<std::string_view> ids;
  for (const Rule& rule : rules) ids.insert(rule.info.id);
  std::vector<Error> notes;
  for (const FixtureFile& fixture : fixtures)
    for (const Expectation& expected : fixture.expectations)
      if (!ids.contains(expected.rule))
        notes.push_back({fmt::format("{}:{}", fixture.path, expected.said_at),
                         "no rule of the id " + expected.rule});
  return notes;
}

}  // namespace backscan::rules

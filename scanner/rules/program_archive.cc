// A compiled Program as bytes (program_archive.h).
#include "rules/program_archive.h"

#include <algorithm>

#include "model/fact_names.h"
#include "rules/archive.h"

namespace backscan::rules {

template <typename Archive>
void fields(Archive& archive, RuleInfo& rule) {
  archive(rule.id, rule.title, rule.rule_class, rule.severity, rule.confidence, rule.status,
          rule.causes, rule.message, rule.remedy, rule.references, rule.false_positives,
          rule.clean_block, rule.author, rule.date, rule.file, rule.line);
}

template <typename Archive>
void fields(Archive& archive, Condition& condition) {
  archive(condition.op, condition.view, condition.number, condition.min_size, condition.max_size,
          condition.line, condition.index, condition.has_pattern, condition.children);
}

namespace {

/// What of a Pattern is written: LazyRegex neither copies nor moves.
struct PatternRecord {
  ViewKind view = ViewKind::kRaw;
  std::string text;
  std::uint32_t max_places = 0;
  std::vector<std::uint32_t> wakes;
  Watch watch = Watch::kNever;
};

template <typename Archive>
void fields(Archive& archive, PatternRecord& pattern) {
  archive(pattern.view, pattern.text, pattern.max_places, pattern.wakes, pattern.watch);
}

template <typename Archive>
void tables(Archive& archive, Program& program, std::vector<PatternRecord>& patterns,
            std::vector<std::string>& triggers) {
  archive(program.rules, program.conditions, patterns, triggers, program.woken_by_fact,
          program.always_awake, program.version);
}

bool are_below(std::span<const std::uint32_t> indices, std::size_t size) {
  return std::ranges::all_of(indices, [size](std::uint32_t index) { return index < size; });
}

bool is_sound(const Condition& condition, const Program& program, std::size_t depth) {
  if (depth > kMaxDepth || condition.op > Op::kSize || condition.view > ViewKind::kPath)
    return false;
  const bool needs_child = condition.op == Op::kNot || condition.op == Op::kCount;
  if (needs_child && condition.children.size() != 1) return false;
  if (condition.op == Op::kPattern && condition.index >= program.patterns.size()) return false;
  if (condition.op == Op::kFact && condition.index >= kFactNames.size()) return false;
  return std::ranges::all_of(condition.children, [&](const Condition& child) {
    return is_sound(child, program, depth + 1);
  });
}

bool is_sound(const Program& program) {
  const std::size_t rules = program.rules.size();
  return program.conditions.size() == rules && program.woken_by_fact.size() == kFactNames.size() &&
         are_below(program.always_awake, rules) &&
         std::ranges::all_of(program.woken_by_fact,
                             [&](const auto& list) { return are_below(list, rules); }) &&
         std::ranges::all_of(program.patterns,
                             [&](const Pattern& pattern) {
                               return are_below(pattern.wakes, rules) &&
                                      pattern.view <= ViewKind::kPath &&
                                      pattern.watch <= Watch::kAlways;
                             }) &&
         std::ranges::all_of(program.conditions, [&](const Condition& condition) {
           return is_sound(condition, program, 1);
         });
}

void name_facts(Condition& condition) {
  if (condition.op == Op::kFact) condition.fact = kFactNames[condition.index];
  for (Condition& child : condition.children) name_facts(child);
}

}  // namespace

Result<std::string> to_bytes(Program& program) {
  std::vector<PatternRecord> patterns;
  for (const Pattern& pattern : program.patterns)
    patterns.push_back({pattern.view, pattern.regex.pattern(), pattern.max_places, pattern.wakes,
                        pattern.watch});
  std::vector<std::string> triggers;
  for (const LazyRegex& trigger : program.triggers) triggers.push_back(trigger.pattern());
  ArchiveWriter archive;
  tables(archive, program, patterns, triggers);
  for (auto* proposers : {&program.proposers, &program.late_proposers})
    for (Proposer& proposer : *proposers)
      if (auto written = proposer.write(archive); !written) return std::unexpected(written.error());
  return archive.take();
}

std::optional<Program> program_of(std::string_view bytes) {
  Program program;
  std::vector<PatternRecord> patterns;
  std::vector<std::string> triggers;
  ArchiveReader archive(bytes);
  tables(archive, program, patterns, triggers);
  if (archive.failed()) return std::nullopt;
  for (PatternRecord& record : patterns) {
    Pattern& pattern = program.patterns.emplace_back(record.view, record.text);
    pattern.max_places = record.max_places;
    pattern.wakes = std::move(record.wakes);
    pattern.watch = record.watch;
  }
  for (std::string& trigger : triggers) program.triggers.emplace_back(std::move(trigger));
  if (!is_sound(program)) return std::nullopt;
  const auto is_known = [&](std::uint32_t id) { return program.knows_target(id); };
  for (auto* proposers : {&program.proposers, &program.late_proposers})
    for (Proposer& proposer : *proposers)
      if (!proposer.read(archive, is_known)) return std::nullopt;
  if (!archive.is_complete()) return std::nullopt;
  for (Condition& condition : program.conditions) name_facts(condition);
  return program;
}

}  // namespace backscan::rules

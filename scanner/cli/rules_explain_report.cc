// Gathers what rules_explain_report.h holds: which readings, facts and rules touch the line.
#include "cli/rules_explain_report.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace backscan::cli {
namespace {

constexpr std::size_t kMaxSeenBytes = 2000;  // of one view of the line

/// Bytes of line `line` (1-based) without its break; of the whole text for 0. Nothing where the
/// text has no such line.
Span span_of_line(std::string_view text, std::size_t line) {
  if (line == 0) return {0, static_cast<Offset>(text.size())};
  std::size_t begin = 0;
  for (std::size_t at = 1; at < line; ++at) {
    begin = text.find('\n', begin);
    if (begin == text.npos) return {};
    ++begin;
  }
  const std::size_t end = std::min(text.find('\n', begin), text.size());
  return {static_cast<Offset>(begin), static_cast<Offset>(end)};
}

bool touches(const Span& place, const Span& line) {
  return place.begin <= line.end && std::max(place.end, place.begin + 1) > line.begin;
}

/// The part of a reading that was made from `line`; maps only ever rise.
std::string_view part_of(const Reading& reading, const Span& line) {
  const std::string_view text = reading.view.text;
  if (reading.layer != 0) return touches(reading.origin, line) ? text : std::string_view{};
  if (reading.view.map == nullptr) return text.substr(line.begin, line.end - line.begin);
  const auto first_from = [&](Offset source) {
    std::size_t low = 0;
    std::size_t high = text.size();
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (reading.view.map->to_source(static_cast<Offset>(middle)) < source)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  };
  const std::size_t begin = first_from(line.begin);
  return text.substr(begin, std::max(first_from(line.end), begin) - begin);
}

bool is_seen_at(const Explanation& explanation, const Span& line) {
  if (explanation.what == "not") return false;
  return std::ranges::any_of(explanation.places, [&](const Span& p) { return touches(p, line); }) ||
         std::ranges::any_of(explanation.children,
                             [&](const Explanation& child) { return is_seen_at(child, line); });
}

std::size_t count_holding(const Explanation& explanation) {
  std::size_t holding = explanation.holds ? 1 : 0;
  for (const Explanation& child : explanation.children) holding += count_holding(child);
  return holding;
}

/// How many more conditions would have to hold.
std::size_t count_missing(const Explanation& explanation) {
  if (explanation.holds) return 0;
  std::size_t all = 0;
  std::size_t least = SIZE_MAX;
  for (const Explanation& child : explanation.children) {
    const std::size_t missing = count_missing(child);
    all += missing;
    if (missing > 0) least = std::min(least, missing);
  }
  if (explanation.what == "any") return least;
  return explanation.what == "all" ? all : 1;
}

/// Of the groups of facts the one that speaks of the line, else the one with the most that holds.
Explanation best_of_groups(const RuleJudge& judge, const rules::Condition& when, const Span& line) {
  std::optional<Explanation> best;
  bool is_best_seen = false;
  for (const std::uint32_t group : judge.groups()) {
    Explanation one = judge.judge(when, group);
    const bool is_seen = is_seen_at(one, line);
    const bool is_better = !best || (is_seen && !is_best_seen) ||
                           (is_seen == is_best_seen && count_holding(one) > count_holding(*best));
    if (!is_better) continue;
    is_best_seen = is_seen;
    best = std::move(one);
  }
  return *std::move(best);
}

}  // namespace

Explained explain(const Readings& readings, const std::vector<rules::Rule>& rules,
                  const rules::RuleSet& compiled, std::size_t line,
                  const std::vector<std::string>& wanted) {
  Explained out{.line = line, .readings = &readings};
  const std::string_view bytes = readings.input().bytes;
  const Span span = span_of_line(bytes, line);
  for (const Reading& reading : readings.all()) {
    const bool is_shown = line != 0 && reading.view.kind != ViewKind::kPath && reading.is_open;
    const std::string_view part = is_shown ? part_of(reading, span) : std::string_view{};
    if (!part.empty())
      out.seen.push_back({&reading, truncate_utf8(escape_controls(part), kMaxSeenBytes)});
  }
  for (const Fact& fact : readings.facts())
    if (line == 0 || fact.place == Span{} || touches(fact.place, span)) out.facts.push_back(&fact);
  std::vector<std::string_view> fired;
  for (const rules::Match& match : readings.verdict().matches) {
    const rules::RuleInfo& rule = compiled.rules()[match.rule];
    const bool is_of_file = match.place == Span{};
    out.fired.push_back({.rule = rule.id,
                         .severity = std::string(name_of(rule.severity)),
                         .line = is_of_file ? 0 : position_of(bytes, match.place.begin).line,
                         .is_here = line == 0 || is_of_file || touches(match.place, span)});
    fired.push_back(rule.id);
  }
  const RuleJudge judge(readings);
  for (const rules::Rule& rule : rules) {
    const bool is_wanted = std::ranges::find(wanted, rule.info.id) != wanted.end();
    const bool has_fired = std::ranges::find(fired, rule.info.id) != fired.end();
    if (!is_wanted && (!wanted.empty() || has_fired || line == 0)) continue;
    Explanation when = best_of_groups(judge, rule.when, span);
    if (is_wanted || is_seen_at(when, span))
      out.judged.push_back({rule.info.id, has_fired, std::move(when)});
  }
  std::ranges::stable_sort(out.judged, {}, [](const auto& rule) { return count_missing(rule.when); });
  return out;
}

}  // namespace backscan::cli

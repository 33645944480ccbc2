// See rules_explain_judge.h; what each word of `when` means is in rules/when.h.
#include "cli/rules_explain_judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "rules/near.h"
#include "rules/regex.h"
#include "rules/regex_literals.h"

namespace backscan::cli {
namespace {

using rules::Condition;
using rules::Op;

constexpr std::size_t kMaxShown = 20;      // places of one condition
constexpr std::size_t kMaxSearched = 1000;  // for `near` and `count`

bool contains_ignoring_case(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return ascii_lower(a) == ascii_lower(b); };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

std::string name_of_condition(const Condition& when) {
  switch (when.op) {
    case Op::kAll: return "all";
    case Op::kAny: return "any";
    case Op::kNot: return "not";
    case Op::kAtLeast: return fmt::format("at least {}", when.number);
    case Op::kNear: return fmt::format("near, within {} bytes", when.number);
    case Op::kCount: return fmt::format("count, {} or more", when.number);
    case Op::kPattern: return fmt::format("{}: {}", name_of(when.view), when.pattern);
    case Op::kFact: return fmt::format("fact: {}", when.fact);
    case Op::kSize: return "size";
  }
  return {};
}

}  // namespace

std::vector<std::uint32_t> RuleJudge::groups() const {
  std::vector<std::uint32_t> groups;
  for (const Fact& fact : readings_.facts())
    if (fact.group != 0) groups.push_back(fact.group);
  std::ranges::sort(groups);
  groups.erase(std::ranges::unique(groups).begin(), groups.end());
  if (groups.empty()) groups.push_back(0);
  return groups;
}

std::vector<RuleJudge::Hit> RuleJudge::search(const Condition& pattern, bool in_open,
                                              std::size_t most) const {
  std::vector<Hit> hits;
  const re2::RE2 regex(pattern.pattern, rules::regex_options());
  if (!regex.ok()) return hits;
  for (std::size_t i = 0; i < readings_.all().size(); ++i) {
    const Reading& reading = readings_.all()[i];
    if (reading.view.kind != pattern.view || reading.is_open != in_open) continue;
    const re2::StringPiece text(reading.view.text.data(), reading.view.text.size());
    re2::StringPiece match;
    for (std::size_t at = 0; at <= text.size() && hits.size() < most;) {
      if (!regex.Match(text, at, text.size(), re2::RE2::UNANCHORED, &match, 1)) break;
      const auto begin = static_cast<std::size_t>(match.data() - text.data());
      const std::size_t end = begin + match.size();
      hits.push_back({i, {static_cast<Offset>(begin), static_cast<Offset>(end)}});
      at = end > begin ? end : end + 1;
    }
  }
  return hits;
}

std::string RuleJudge::why_not(const Condition& pattern) const {
  if (pattern.view == ViewKind::kPath)
    return fmt::format("the path is {}", readings_.input().relative_path);
  const auto of_kind = [&](const Reading& r) { return r.view.kind == pattern.view; };
  if (std::ranges::none_of(readings_.all(), of_kind))
    return "nothing was unpacked from this file";
  const bool is_closed = std::ranges::none_of(
      readings_.all(), [&](const Reading& r) { return of_kind(r) && r.is_open; });
  if (is_closed)
    return search(pattern, false, 1).empty()
               ? "no PHP open tag: the view was not made, and would not match"
               : "would match, but no PHP open tag: the view was not made";
  if (const auto tree = rules::parse_regex(pattern.pattern)) {
    for (const std::vector<std::string>& any_of : rules::required_groups(*tree, 3)) {
      const bool is_there = std::ranges::any_of(any_of, [&](const std::string& literal) {
        return std::ranges::any_of(readings_.all(), [&](const Reading& r) {
          return of_kind(r) && contains_ignoring_case(r.view.text, literal);
        });
      });
      if (!is_there && any_of.size() <= 4)
        return fmt::format("its literal '{}' is nowhere in this view",
                           fmt::join(any_of, "' or '"));
    }
  }
  return "its literals are there, but the pattern does not match";
}

void RuleJudge::judge_pattern(const Condition& when, Explanation& out) const {
  const std::vector<Hit> hits = search(when, true, kMaxShown);
  out.holds = !hits.empty();
  out.why = out.holds ? "matches" : why_not(when);
  for (const Hit& hit : hits)
    if (when.view != ViewKind::kPath)
      out.places.push_back(readings_.all()[hit.reading].on_disk(hit.place));
}

void RuleJudge::judge_fact(const Condition& when, std::uint32_t group, Explanation& out) const {
  bool is_elsewhere = false;
  for (const Fact& fact : readings_.facts()) {
    if (fact.name != when.fact) continue;
    if (fact.group != 0 && fact.group != group) {
      is_elsewhere = true;
      continue;
    }
    out.holds = true;
    if (fact.place != Span{} && out.places.size() < kMaxShown) out.places.push_back(fact.place);
    if (out.why.empty() && !fact.source.empty()) out.why = fact.source;
  }
  if (out.holds && out.why.empty()) out.why = "is so";
  if (out.holds) return;
  const bool needs_flow = when.fact.starts_with("mail.") && !readings_.verdict().triggers.sinks;
  out.why = is_elsewhere ? "only of another sink"
            : needs_flow ? "missing: the flow was not followed (no trigger)"
                         : "missing";
}

void RuleJudge::judge_near(const Condition& when, Explanation& out) const {
  // near_clusters wants places that know their text by number.
  std::vector<std::vector<rules::Place>> lists;
  for (const Condition& child : when.children) {
    std::vector<rules::Place>& list = lists.emplace_back();
    for (const Hit& hit : search(child, true, kMaxSearched))
      list.push_back({.fed = static_cast<std::uint32_t>(hit.reading), .span = hit.place});
  }
  const std::vector<std::span<const rules::Place>> spans(lists.begin(), lists.end());
  for (const rules::Place& place : rules::near_clusters(spans, when.number, kMaxShown))
    out.places.push_back(readings_.all()[place.fed].on_disk(place.span));
  out.holds = !out.places.empty();
  const bool all_match = std::ranges::all_of(out.children, &Explanation::holds);
  out.why = out.holds ? "" : (all_match ? "they match, but too far from each other" : "one is missing");
}

void RuleJudge::judge_count(const Condition& when, Explanation& out) const {
  const Condition& child = when.children.front();
  const std::size_t seen =
      child.op == Op::kFact
          ? static_cast<std::size_t>(std::ranges::count(readings_.facts(), child.fact, &Fact::name))
          : search(child, true, kMaxSearched).size();
  out.holds = seen >= when.number;
  out.why = fmt::format("{} seen", seen);
}

void RuleJudge::judge_children(const Condition& when, std::uint32_t group, Explanation& out) const {
  std::size_t holding = 0;
  for (const Condition& child : when.children) {
    out.children.push_back(judge(child, group));
    holding += out.children.back().holds ? 1 : 0;
  }
  switch (when.op) {
    case Op::kAll: out.holds = holding == when.children.size(); break;
    case Op::kAny: out.holds = holding > 0; break;
    case Op::kAtLeast: out.holds = holding >= when.number; break;
    default:
      out.holds = holding == 0;
      out.why = out.holds ? "" : "excluded: this holds";
      return;
  }
  if (!out.holds) out.why = fmt::format("{} of {} hold", holding, when.children.size());
}

Explanation RuleJudge::judge(const Condition& when, std::uint32_t group) const {
  Explanation out{.what = name_of_condition(when)};
  switch (when.op) {
    case Op::kPattern: judge_pattern(when, out); break;
    case Op::kFact: judge_fact(when, group, out); break;
    case Op::kSize: {
      const std::uint64_t size = readings_.input().size_bytes;
      out.holds = size >= when.min_size && size <= when.max_size;
      out.why = fmt::format("the file has {} bytes", size);
      break;
    }
    case Op::kNear: case Op::kCount:
      for (const Condition& child : when.children) out.children.push_back(judge(child, group));
      if (when.op == Op::kNear)
        judge_near(when, out);
      else
        judge_count(when, out);
      break;
    default: judge_children(when, group, out);
  }
  return out;
}

}  // namespace backscan::cli

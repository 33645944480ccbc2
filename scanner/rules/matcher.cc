// Feeding one file's views and facts to the compiled rules (rule_set.h): propose, wake, judge.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "rules/evaluator.h"
#include "rules/merge_places.h"
#include "rules/rule_counts.h"
#include "rules/rule_set_impl.h"
#include "rules/syntax_signs.h"

namespace backscan::rules {

namespace {

std::vector<const ProposalDatabase*> databases_of(const Program& program) {
  std::vector<const ProposalDatabase*> databases;
  for (const auto* proposers : {&program.proposers, &program.late_proposers})
    for (const Proposer& proposer : *proposers) databases.push_back(&proposer.database());
  return databases;
}

}  // namespace

struct Matcher::Impl {
  explicit Impl(const Program& compiled)
      : program(compiled),
        scratch(databases_of(compiled)),
        confirmer(compiled, {}, scratch.get()),
        woken_epoch(compiled.rules.size(), 0) {}

  void wake(std::span<const std::uint32_t> rules) {
    for (const std::uint32_t rule : rules) {
      if (woken_epoch[rule] == epoch) continue;
      woken_epoch[rule] = epoch;
      woken.push_back(rule);
    }
  }

  [[nodiscard]] bool is_trigger_in(std::uint32_t trigger, std::string_view text) const {
    return program.triggers.empty() ||
           program.triggers[trigger].get().Match({text.data(), text.size()}, 0, text.size(),
                                                 re2::RE2::UNANCHORED, nullptr, 0);
  }

  /// Scans one view; returns the signs of the triggers seen.
  Signs feed(const FedView& view) {
    const std::uint32_t fed = confirmer.feed(view);
    Signs signs = 0;
    auto propose = [&](std::uint32_t id) {
      if (id >= kFirstTriggerId) {
        if (is_trigger_in(id - kFirstTriggerId, view.view.text))
          signs |= trigger_patterns()[id - kFirstTriggerId].signs;
        return;
      }
      confirmer.propose(id, fed);
      if (view.view.kind == ViewKind::kPath) proposed_by_path.push_back(id);
      wake(program.patterns[id].wakes);
    };
    const std::string_view text = confirmer.text_to_propose(fed);
    proposing.scan(program.proposers[view_index(view.view.kind)], text, scratch.get(), propose);
    has_tag |= (signs & kSignTag) != 0;
    if (view.view.kind == ViewKind::kCode) signs |= syntax_signs(text);
    if (view.view.kind == ViewKind::kRaw && has_tag) signs |= escape_signs(text);
    return signs;
  }

  const Program& program;
  RuleCounts* counts = nullptr;
  Scratch scratch;
  ProposerState proposing;
  Confirmer confirmer;
  FactIndex facts;
  std::uint64_t size_bytes = 0;
  bool has_tag = false;  // of PHP, in what was fed so far
  std::uint32_t epoch = 0;
  std::vector<std::uint32_t> woken_epoch;  // by rule
  std::vector<std::uint32_t> woken;
  std::vector<std::uint32_t> proposed_by_path;  // patterns
};

Matcher::Matcher(const RuleSet& rules, RuleCounts* counts)
    : impl_(std::make_unique<Impl>(rules.impl_->program)) {
  impl_->counts = counts;
}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

void Matcher::begin(std::string_view relative_path, std::uint64_t size_bytes) {
  Impl& m = *impl_;
  if (++m.epoch == 0) {
    std::ranges::fill(m.woken_epoch, 0);
    m.epoch = 1;
  }
  m.woken.clear();
  m.proposed_by_path.clear();
  m.confirmer.begin();
  m.facts.begin();
  m.size_bytes = size_bytes;
  m.has_tag = false;
  m.feed({.view = {.kind = ViewKind::kPath, .text = relative_path}});
}

void Matcher::append_path_signature(std::string& to) {
  std::vector<std::uint32_t>& proposed = impl_->proposed_by_path;
  std::ranges::sort(proposed);
  for (const std::uint32_t pattern : proposed)
    if (impl_->confirmer.matches(pattern))
      to.append(reinterpret_cast<const char*>(&pattern), sizeof pattern);
}

Signs Matcher::scan(const View& view, std::uint32_t layer, Span origin) {
  // Patterns over `raw` speak of the file on disk: a layer has no bytes there.
  if (view.kind > ViewKind::kUnpacked || (view.kind == ViewKind::kRaw && layer != 0)) return 0;
  return impl_->feed({view, layer, origin});
}

bool Matcher::has_candidates() const {
  const Evaluator evaluator(impl_->program, impl_->confirmer, impl_->facts, impl_->size_bytes);
  return std::ranges::any_of(impl_->woken,
                             [&](std::uint32_t rule) { return evaluator.could_hold(rule); });
}

void Matcher::add_facts(std::span<const Fact> facts) {
  for (const Fact& fact : facts) {
    impl_->facts.add(fact);
    const std::size_t name = fact_index(fact.name);
    if (name < impl_->program.woken_by_fact.size()) impl_->wake(impl_->program.woken_by_fact[name]);
  }
}

Result<void> Matcher::finish(std::vector<Match>& matches) {
  Impl& m = *impl_;
  m.wake(m.program.always_awake);
  if (m.woken.empty()) return {};
  std::ranges::sort(m.woken);
  const auto first = static_cast<std::ptrdiff_t>(matches.size());
  Evaluator evaluator(m.program, m.confirmer, m.facts, m.size_bytes);
  for (const std::uint32_t rule : m.woken) {
    const std::size_t before = matches.size();
    evaluator.judge(rule, matches);
    merge_places(matches, before);
    if (m.counts != nullptr) m.counts->add(rule, matches.size() > before);
  }
  std::ranges::stable_sort(matches.begin() + first, matches.end(), {}, [](const Match& match) {
    return std::tuple(match.place.begin, match.place.end, match.rule);
  });
  if (m.confirmer.unconfirmed() == 0) return {};
  return std::unexpected(
      Error{"", fmt::format("the matching budget of the file ended: {} patterns not confirmed",
                            m.confirmer.unconfirmed())});
}

}  // namespace backscan::rules

// Building a Proposer (proposer.h).
#include "rules/proposer.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "rules/regex_literals.h"
#include "rules/regex_proposal.h"

namespace backscan::rules {
namespace {

constexpr std::size_t kMinLiteralBytes = 2;
constexpr std::size_t kMaxGroups = 8;

/// Patterns were checked when their rules were read.
RegexNode tree_of(const std::string& pattern) {
  auto tree = parse_regex(pattern);
  if (!tree) throw std::logic_error("pattern does not parse: " + pattern);
  return std::move(*tree);
}

/// Literals are given without regard to case: fewer of them, and none is missed.
std::string expression_of_literal(const std::string& literal) {
  std::string text = "(?i)";
  for (const char c : literal) text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return text;
}

}  // namespace

ProposalMode default_proposal_mode() {
  return library_misses_matches() ? ProposalMode::kLiterals : ProposalMode::kExpressions;
}

Result<Proposer> Proposer::compile(std::span<const Proposable> patterns, ProposalMode mode) {
  Proposer proposer;
  std::vector<Expression> expressions;
  for (const Proposable& pattern : patterns) {
    if (mode == ProposalMode::kLiterals) {
      proposer.add_literals(pattern, expressions);
      continue;
    }
    const auto number = static_cast<std::uint32_t>(expressions.size());
    expressions.push_back({proposal_of(tree_of(pattern.pattern)), number});
    proposer.uses_.push_back({{static_cast<std::uint32_t>(proposer.targets_.size()), 1}});
    proposer.targets_.push_back({pattern.id, 1});
  }
  std::vector<std::uint32_t> rejected;
  auto database = ProposalDatabase::compile(std::move(expressions), rejected);
  if (!database) return std::unexpected(database.error());
  proposer.database_ = std::move(*database);
  for (const std::uint32_t expression : rejected)
    for (const Use& use : proposer.uses_[expression]) {
      Target& target = proposer.targets_[use.target];
      target.needed = 0;  // never reached: it is proposed anyway
      proposer.always_.push_back(target.id);
    }
  std::ranges::sort(proposer.always_);
  proposer.always_.erase(std::ranges::unique(proposer.always_).begin(), proposer.always_.end());
  return proposer;
}

void Proposer::add_literals(const Proposable& proposable, std::vector<Expression>& expressions) {
  auto groups = required_groups(tree_of(proposable.pattern), kMinLiteralBytes);
  if (groups.empty()) {
    always_.push_back(proposable.id);
    return;
  }
  // The longest tell most.
  std::ranges::stable_sort(groups, std::greater(), [](const std::vector<std::string>& group) {
    return std::ranges::min(group, {}, &std::string::size).size();
  });
  if (groups.size() > kMaxGroups) groups.resize(kMaxGroups);
  const auto target = static_cast<std::uint32_t>(targets_.size());
  targets_.push_back({proposable.id, (1u << groups.size()) - 1});
  for (std::uint32_t i = 0; i < groups.size(); ++i)
    for (const std::string& literal : groups[i])
      uses_[expression_number(expression_of_literal(literal), expressions)].push_back(
          {target, 1u << i});
}

std::uint32_t Proposer::expression_number(const std::string& text,
                                          std::vector<Expression>& expressions) {
  const auto it = std::ranges::find(expressions, text, &Expression::text);
  if (it != expressions.end()) return it->id;
  const auto number = static_cast<std::uint32_t>(expressions.size());
  expressions.push_back({text, number});
  uses_.emplace_back();
  return number;
}

}  // namespace backscan::rules

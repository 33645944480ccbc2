// Building a Proposer (proposer.h).
#include "rules/proposer.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>
#include <utility>

#include "rules/regex_literals.h"
#include "rules/regex_proposal.h"
#include "rules/regex_rarity.h"

namespace backscan::rules {
namespace {

constexpr std::size_t kMinLiteralBytes = 2;
constexpr std::size_t kShapelessWordBytes = 3;
// Of regex_rarity.h: of the many parts of such a shape Hyperscan soon meets one that is rare.
constexpr double kLongShapeBits = 48;
constexpr std::size_t kMaxGroups = 8;
// A run as long says enough: the rest of such a pattern is left to RE2.
constexpr std::uint32_t kTellingRun = 200;

/// Patterns were checked when their rules were read.
RegexNode tree_of(const std::string& pattern) {
  auto tree = parse_regex(pattern);
  if (!tree) throw std::logic_error("pattern does not parse: " + pattern);
  return std::move(*tree);
}

}  // namespace

ProposalMode default_proposal_mode() {
  return library_misses_matches() ? ProposalMode::kLiterals : ProposalMode::kExpressions;
}

/// Numbers expressions without doubles while a Proposer is built.
class ProposerBuilder {
 public:
  ProposerBuilder(Proposer& proposer, ProposalMode mode) : proposer_(proposer), mode_(mode) {}

  void add(const Proposable& proposable) {
    const RegexNode tree = tree_of(proposable.pattern);
    if (const auto run = run_in_every_match(tree, kTellingRun)) {
      proposer_.runs_.push_back({proposable.id, *run});
      return;
    }
    if (rarity_of(tree) < kLongShapeBits && required_literals(tree, kShapelessWordBytes).empty()) {
      if (auto shape = shape_in_every_match(tree)) {
        proposer_.shapes_.push_back({proposable.id, std::move(*shape)});
        return;
      }
    }
    Groups groups = mode_ == ProposalMode::kLiterals ? literals_of(tree)
                    : proposable.is_final            ? Groups{{proposal_of(tree)}}
                                                     : Groups{expressions_of(tree)};
    if (groups.size() > kMaxGroups) groups.resize(kMaxGroups);
    if (groups.empty()) {
      proposer_.always_.push_back(proposable.id);
      return;
    }
    const auto target = static_cast<std::uint32_t>(proposer_.targets_.size());
    proposer_.targets_.push_back({proposable.id, (1u << groups.size()) - 1});
    for (std::uint32_t i = 0; i < groups.size(); ++i)
      for (const std::string& expression : groups[i])
        proposer_.uses_[number_of(expression)].push_back({target, 1u << i});
  }

  Result<void> finish() {
    proposer_.join_runs();
    std::vector<std::uint32_t> rejected;
    auto database = ProposalDatabase::compile(std::move(expressions_), rejected);
    if (!database) return std::unexpected(database.error());
    proposer_.database_ = std::move(*database);
    for (const std::uint32_t expression : rejected)
      for (const Proposer::Use& use : proposer_.uses_[expression]) {
        Proposer::Target& target = proposer_.targets_[use.target];
        target.needed = 0;  // never reached: it is proposed anyway
        proposer_.always_.push_back(target.id);
      }
    std::ranges::sort(proposer_.always_);
    proposer_.always_.erase(std::ranges::unique(proposer_.always_).begin(),
                            proposer_.always_.end());
    return {};
  }

 private:
  using Groups = std::vector<std::vector<std::string>>;  // of expressions

  std::uint32_t number_of(const std::string& expression) {
    const auto [it, is_new] =
        numbers_.try_emplace(expression, static_cast<std::uint32_t>(expressions_.size()));
    if (is_new) {
      expressions_.push_back({expression, it->second});
      proposer_.uses_.emplace_back();
    }
    return it->second;
  }

  /// One of them stands in whatever the pattern matches.
  static std::vector<std::string> expressions_of(const RegexNode& tree) {
    std::vector<std::string> words = rare_words_of(tree);
    if (words.empty()) return {proposal_of(tree)};
    for (std::string& word : words) word = expression_of_literal(word);
    return words;
  }

  /// All the literals that a match must hold; the longest tell most.
  static Groups literals_of(const RegexNode& tree) {
    Groups literals = required_groups(tree, kMinLiteralBytes);
    std::ranges::stable_sort(literals, std::greater(), [](const std::vector<std::string>& group) {
      return std::ranges::min(group, {}, &std::string::size).size();
    });
    for (auto& group : literals)
      for (std::string& literal : group) literal = expression_of_literal(literal);
    return literals;
  }

  Proposer& proposer_;
  const ProposalMode mode_;
  std::vector<Expression> expressions_;
  std::map<std::string, std::uint32_t> numbers_;
};

Result<Proposer> Proposer::compile(std::span<const Proposable> proposables, ProposalMode mode) {
  Proposer proposer;
  ProposerBuilder builder(proposer, mode);
  for (const Proposable& proposable : proposables) builder.add(proposable);
  if (auto finished = builder.finish(); !finished) return std::unexpected(finished.error());
  return proposer;
}

}  // namespace backscan::rules

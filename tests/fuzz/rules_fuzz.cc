// Rule files are written by anybody: every text is a rule or has an error that says where. And whatever
// pattern a rule may hold, a text in which RE2 finds it is proposed, in both ways of proposing.
// Input: a rule in YAML; or a pattern, a line "%%" and a text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/proposer.h"
#include "rules/regex.h"
#include "rules/rule_reader.h"

namespace {

using namespace backscan::rules;

// Hyperscan compiles each anew.
constexpr std::size_t kMaxPatternsOfRule = 4;
constexpr std::size_t kMaxPatternBytes = 400;
constexpr std::string_view kSeparator = "\n%%\n";

void require(bool claim) {
  if (!claim) std::abort();
}

void check_proposal(const std::string& pattern, std::string_view text, ProposalMode mode) {
  const auto proposer = Proposer::compile(std::vector{Proposable{7, pattern}}, mode);
  require(proposer.has_value());
  const ProposalDatabase* const database = &proposer->database();
  const Scratch scratch(std::span(&database, database->empty() ? 0 : 1));
  ProposerState state;
  int proposed = 0;
  state.scan(*proposer, text, scratch.get(), [&proposed](std::uint32_t) { ++proposed; });
  const LazyRegex regex(pattern);
  const bool is_found = regex.get().Match({text.data(), text.size()}, 0, text.size(),
                                          re2::RE2::UNANCHORED, nullptr, 0);
  require(proposed == 1 || !is_found);
}

void check_pattern(const std::string& pattern, std::string_view text) {
  if (pattern.size() > kMaxPatternBytes || pattern_error(pattern).has_value()) return;
  if (!library_misses_matches()) check_proposal(pattern, text, ProposalMode::kExpressions);
  check_proposal(pattern, text, ProposalMode::kLiterals);
}

void collect_patterns(const Condition& condition, std::vector<std::string>& patterns) {
  if (condition.op == Op::kPattern) patterns.push_back(condition.pattern);
  for (const Condition& child : condition.children) collect_patterns(child, patterns);
}

void check_rule(std::string_view text) {
  std::vector<backscan::Error> errors;
  const auto rule =
      read_rule({.file = "rule.yaml", .id = "mailer/x", .text = std::string(text)}, errors);
  require(rule.has_value() == errors.empty());
  for (const backscan::Error& error : errors) require(!error.reason.empty());
  if (!rule) return;
  std::vector<std::string> patterns;
  collect_patterns(rule->when, patterns);
  if (patterns.size() > kMaxPatternsOfRule) patterns.resize(kMaxPatternsOfRule);
  for (const std::string& pattern : patterns) check_pattern(pattern, text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t separator = text.find(kSeparator);
  if (separator == std::string_view::npos)
    check_rule(text);
  else
    check_pattern(std::string(text.substr(0, separator)),
                  text.substr(separator + kSeparator.size()));
  return 0;
}

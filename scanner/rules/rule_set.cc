// Loading rules (rule_set.h): read, validate, choose, compile.
#include "rules/rule_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rules/cache.h"
#include "rules/digest.h"
#include "rules/rule_files.h"
#include "rules/rule_set_impl.h"

namespace backscan::rules {
namespace {

/// Names of --only and --skip that speak of no rule are typing errors.
void check_names(std::span<const std::string> names, std::span<const Rule> rules,
                 std::span<const std::string> foreign_ids, std::vector<Error>& errors) {
  for (const std::string& name : names)
    if (std::ranges::none_of(rules,
                             [&](const Rule& rule) { return selects(name, rule.info.id); }) &&
        std::ranges::none_of(foreign_ids, [&](const std::string& id) { return selects(name, id); }))
      errors.push_back({name, "no rule or class of this name"});
}

bool asks_for(const Condition& condition, std::size_t fact) {
  if (condition.op == Op::kFact && condition.index == fact) return true;
  return std::ranges::any_of(condition.children,
                             [fact](const Condition& child) { return asks_for(child, fact); });
}

}  // namespace

RuleSet::RuleSet(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;
RuleSet::~RuleSet() = default;

std::span<const RuleInfo> RuleSet::rules() const {
  return impl_->program.rules;
}
const std::string& RuleSet::version() const {
  return impl_->program.version;
}

bool RuleSet::asks_for(std::string_view fact) const {
  return std::ranges::any_of(impl_->program.conditions,
                             [number = fact_index(fact)](const Condition& condition) {
                               return rules::asks_for(condition, number);
                             });
}

std::expected<RuleSet, std::vector<Error>> RuleSet::load(const LoadOptions& options) {
  std::vector<Error> errors;
  const std::vector<RuleSource> sources = read_rule_files(options.directories, errors);
  const ProposalMode mode = default_proposal_mode();
  const std::string version = version_of(sources, options);
  const bool use_cache = !options.cache_directory.empty();
  const CacheKey key = use_cache ? cache_key(options.cache_directory, version, mode) : CacheKey{};
  auto impl = std::make_unique<Impl>();
  if (use_cache && errors.empty()) {
    if (auto cached = read_cache(key)) {
      impl->program = std::move(*cached);
      return RuleSet(std::move(impl));
    }
  }
  std::vector<Rule> rules;
  for (const RuleSource& source : sources)
    if (auto rule = read_rule(source, errors)) rules.push_back(std::move(*rule));
  // After a broken rule, a name may be unknown only because its rule is.
  if (errors.empty()) {
    check_names(options.only, rules, options.foreign_ids, errors);
    check_names(options.skip, rules, options.foreign_ids, errors);
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  std::erase_if(rules, [&](const Rule& rule) { return !is_wanted(rule.info, options); });

  impl->program = index_rules(std::move(rules));
  impl->program.version = version;
  if (auto compiled = compile_proposers(impl->program, mode); !compiled)
    return std::unexpected(std::vector{compiled.error()});
  // Without a cache the next start is slow, nothing else.
  if (use_cache) (void)write_cache(key, impl->program);
  return RuleSet(std::move(impl));
}

}  // namespace backscan::rules

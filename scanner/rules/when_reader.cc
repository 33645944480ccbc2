// The `when` tree of a rule file (rule_reader.h, when.h).
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>

#include "model/fact_names.h"
#include "rules/regex.h"
#include "rules/regex_tree.h"
#include "rules/rule_reader.h"

namespace backscan::rules {
namespace {

constexpr auto kConditionKeys =
    std::to_array<std::string_view>({"all", "any", "not", "at_least", "near", "count", "raw",
                                     "code", "text", "unpacked", "path", "fact", "size"});

class WhenReader {
 public:
  explicit WhenReader(YamlSource& source) : source_(source) {}

  void read(const YAML::Node& node, Condition& condition, std::size_t depth) {
    condition.line = YamlSource::line_of(node);
    if (++conditions_ > kMaxConditions || depth > kMaxDepth) {
      // Told once: a rule that is too large would tell it thousands of times.
      if (!is_too_large_) source_.complain(node, too_large());
      is_too_large_ = true;
      return;
    }
    if (!source_.check_keys(node, "condition", kConditionKeys)) return;
    if (node.size() != 1) {
      source_.complain(node, "a condition has exactly one key; join several with 'all' or 'any'");
      return;
    }
    const auto entry = *node.begin();
    if (!entry.first.IsScalar()) return;
    const std::string& word = entry.first.Scalar();
    condition.line = YamlSource::line_of(entry.first);
    if (word == "all" || word == "any") {
      condition.op = word == "all" ? Op::kAll : Op::kAny;
      read_list(entry.second, word, condition, depth);
    } else if (word == "not") {
      condition.op = Op::kNot;
      read(entry.second, condition.children.emplace_back(), depth + 1);
    } else if (word == "at_least") {
      read_at_least(entry.second, condition, depth);
    } else if (word == "near") {
      read_near(entry.second, condition, depth);
    } else if (word == "count") {
      read_count(entry.second, condition, depth);
    } else if (word == "fact") {
      read_fact(entry.second, condition);
    } else if (word == "size") {
      read_size(entry.second, condition);
    } else {
      read_pattern(entry.second, word, condition);
    }
  }

 private:
  static std::string too_large() {
    return fmt::format("'when' has more than {} conditions or more than {} levels", kMaxConditions,
                       kMaxDepth);
  }

  std::optional<YAML::Node> child_of(const YAML::Node& node) {
    const YAML::Node of = node["of"];
    if (of.IsDefined()) return of;
    source_.complain(node, "missing key 'of'");
    return std::nullopt;
  }

  void read_list(const YAML::Node& node, std::string_view word, Condition& condition,
                 std::size_t depth) {
    if (!node.IsSequence() || node.size() == 0) {
      source_.complain(node, fmt::format("'{}' must be a list of conditions", word));
      return;
    }
    for (const YAML::Node& child : node) read(child, condition.children.emplace_back(), depth + 1);
  }

  void read_at_least(const YAML::Node& node, Condition& condition, std::size_t depth) {
    constexpr auto kKeys = std::to_array<std::string_view>({"n", "of"});
    condition.op = Op::kAtLeast;
    if (!source_.check_keys(node, "at_least", kKeys)) return;
    const auto of = child_of(node);
    if (!of) return;
    read_list(*of, "of", condition, depth);
    const auto n = source_.number(node, "n", 1, kMaxConditions, true);
    condition.number = static_cast<std::uint32_t>(n.value_or(1));
    if (condition.number > condition.children.size())
      source_.complain(node, "at_least: 'n' is more than the conditions of 'of'");
  }

  void read_near(const YAML::Node& node, Condition& condition, std::size_t depth) {
    constexpr auto kKeys = std::to_array<std::string_view>({"bytes", "of"});
    condition.op = Op::kNear;
    if (!source_.check_keys(node, "near", kKeys)) return;
    const auto bytes = source_.number(node, "bytes", 1, kMaxNearBytes, true);
    condition.number = static_cast<std::uint32_t>(bytes.value_or(1));
    const auto of = child_of(node);
    if (!of) return;
    read_list(*of, "of", condition, depth);
    const auto& children = condition.children;
    const bool fits = children.size() >= 2 && std::ranges::all_of(children, [&](const auto& child) {
                        return child.op == Op::kPattern && child.view == children.front().view &&
                               child.view != ViewKind::kPath;
                      });
    if (!fits) source_.complain(node, "near: 'of' must be two or more patterns of one view");
  }

  void read_count(const YAML::Node& node, Condition& condition, std::size_t depth) {
    constexpr auto kKeys = std::to_array<std::string_view>({"min", "of"});
    condition.op = Op::kCount;
    if (!source_.check_keys(node, "count", kKeys)) return;
    const auto min = source_.number(node, "min", 1, kMaxCount, true);
    condition.number = static_cast<std::uint32_t>(min.value_or(1));
    const auto of = child_of(node);
    if (!of) return;
    Condition& child = condition.children.emplace_back();
    read(*of, child, depth + 1);
    const bool fits =
        child.op == Op::kFact || (child.op == Op::kPattern && child.view != ViewKind::kPath);
    if (!fits) source_.complain(node, "count: 'of' must be one pattern or one fact");
  }

  void read_fact(const YAML::Node& node, Condition& condition) {
    condition.op = Op::kFact;
    if (!node.IsScalar()) {
      source_.complain(node, "'fact' must be the name of a fact");
      return;
    }
    condition.fact = find_fact_name(node.Scalar());
    if (condition.fact.empty())
      source_.complain(node, fmt::format("unknown fact '{}'", node.Scalar()));
  }

  void read_size(const YAML::Node& node, Condition& condition) {
    constexpr auto kKeys = std::to_array<std::string_view>({"min", "max"});
    condition.op = Op::kSize;
    if (!source_.check_keys(node, "size", kKeys)) return;
    if (node.size() == 0) source_.complain(node, "size: give 'min', 'max' or both");
    condition.min_size = source_.number(node, "min", 0, UINT64_MAX, false).value_or(0);
    condition.max_size = source_.number(node, "max", 0, UINT64_MAX, false).value_or(UINT64_MAX);
    if (condition.min_size > condition.max_size)
      source_.complain(node, "size: 'min' is more than 'max'");
  }

  void read_pattern(const YAML::Node& node, std::string_view word, Condition& condition) {
    condition.op = Op::kPattern;
    condition.view =
        static_cast<ViewKind>(std::ranges::find(kViewNames, word) - kViewNames.begin());
    if (!node.IsScalar() || node.Scalar().empty()) {
      source_.complain(node, fmt::format("'{}' must be a pattern", word));
      return;
    }
    condition.pattern = node.Scalar();
    if (const auto why = pattern_error(condition.pattern)) source_.complain(node, *why);
  }

  YamlSource& source_;
  std::size_t conditions_ = 0;
  bool is_too_large_ = false;
};

}  // namespace

void read_condition(YamlSource& source, const YAML::Node& node, Condition& condition) {
  WhenReader(source).read(node, condition, 1);
}

std::optional<std::string> pattern_error(const std::string& pattern) {
  if (pattern.size() > kMaxPatternBytes)
    return fmt::format("a pattern has at most {} bytes", kMaxPatternBytes);
  const re2::RE2 regex(pattern, regex_options());
  if (!regex.ok()) return fmt::format("pattern '{}': {}", pattern, regex.error());
  if (regex.Match("", 0, 0, re2::RE2::UNANCHORED, nullptr, 0))
    return fmt::format("pattern '{}' matches the empty text", pattern);
  if (const auto tree = parse_regex(pattern); !tree)
    return fmt::format("pattern '{}': {}", pattern, tree.error().reason);
  return std::nullopt;
}

}  // namespace backscan::rules

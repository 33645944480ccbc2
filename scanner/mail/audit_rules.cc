// Audit rules: from YAML to AuditRule, and their judgement over settings.
#include <re2/re2.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "mail/audit.h"

namespace backscan::mail {
namespace {

namespace fs = std::filesystem;

/// Collects "file:line: reason" errors while a file is read.
class RuleReader {
 public:
  RuleReader(std::string file, std::vector<Error>& errors)
      : file_(std::move(file)), errors_(errors) {}

  AuditRule read(const YAML::Node& node) {
    AuditRule rule;
    if (!node.IsMap()) {
      fail(node, "an audit rule is a map");
      return rule;
    }
    known_keys(node, {"id", "component", "severity", "causes", "when", "and", "unless", "why", "fix",
                      "references", "evidence"});
    rule.id = text(node, "id");
    rule.component = text(node, "component");
    rule.why = text(node, "why");
    rule.fix = text(node, "fix");
    if (const auto severity = parse_severity(text(node, "severity")))
      rule.severity = *severity;
    else
      fail(node["severity"], "severity is one of info, low, medium, high, critical");
    for (const YAML::Node& item : node["causes"]) {
      if (const auto cause = parse_cause(item.as<std::string>("")))
        rule.causes.push_back(*cause);
      else
        fail(item, "a cause is one of spam, bounce, autoreply, callout, none");
    }
    for (const YAML::Node& item : node["references"])
      rule.references.push_back(item.as<std::string>(""));
    if (const YAML::Node when = node["when"]; when.IsDefined())
      rule.when = test(when);
    else
      fail(node, "key 'when' is missing");
    for (const YAML::Node& item : node["and"]) rule.and_also.push_back(test(item));
    for (const YAML::Node& item : node["unless"]) rule.unless.push_back(test(item));
    return rule;
  }

  void fail(const YAML::Node& node, const std::string& reason) {
    const int line = node.IsDefined() ? node.Mark().line + 1 : 1;
    errors_.push_back({file_ + ':' + std::to_string(std::max(line, 1)), reason});
  }

 private:
  void known_keys(const YAML::Node& node, const std::set<std::string>& known) {
    for (const auto& pair : node) {
      const auto key = pair.first.as<std::string>("");
      if (!known.contains(key)) fail(pair.first, "unknown key '" + key + "'");
    }
  }

  std::string text(const YAML::Node& node, const char* key) {
    const YAML::Node value = node[key];
    if (value.IsDefined() && value.IsScalar()) return value.as<std::string>();
    fail(node, std::string("key '") + key + "' is missing or not a text");
    return {};
  }

  AuditTest test(const YAML::Node& node) {
    using enum AuditTest::Operator;
    AuditTest test;
    if (!node.IsMap()) {
      fail(node, "a test is a map with 'setting' and one operator");
      return test;
    }
    known_keys(node, {"setting", "is", "equals", "contains", "matches", "longer_than"});
    test.setting = text(node, "setting");
    if (node.size() != 2) fail(node, "a test has 'setting' and exactly one operator");
    const auto operands = [&](const char* key, AuditTest::Operator op) {
      const YAML::Node value = node[key];
      if (!value.IsDefined()) return;
      test.op = op;
      if (value.IsSequence())
        for (const YAML::Node& item : value) test.operands.push_back(item.as<std::string>(""));
      else
        test.operands.push_back(value.as<std::string>(""));
    };
    operands("equals", kEquals);
    operands("contains", kContains);
    operands("matches", kMatches);
    operands("longer_than", kLongerThan);
    if (const YAML::Node is = node["is"]; is.IsDefined()) {
      const auto word = is.as<std::string>("");
      test.op = word == "empty" ? kEmpty : word == "unset" ? kUnset : kSet;
      if (word != "empty" && word != "unset" && word != "set")
        fail(is, "'is' takes set, unset or empty");
    }
    check_operands(node, test);
    return test;
  }

  void check_operands(const YAML::Node& node, const AuditTest& test) {
    for (const std::string& operand : test.operands) {
      if (test.op == AuditTest::Operator::kMatches) {
        const RE2 pattern(operand, RE2::Quiet);
        if (!pattern.ok()) fail(node, "bad pattern: " + pattern.error());
      } else if (test.op == AuditTest::Operator::kLongerThan && !parse_duration(operand)) {
        fail(node, "'" + operand + "' is no time (5d, 4h, 10w)");
      }
    }
  }

  std::string file_;
  std::vector<Error>& errors_;
};

bool contains_word(std::string_view list, std::string_view word) {
  constexpr std::string_view kSeparators = " \t,;{}";
  while (!list.empty()) {
    const std::size_t start = list.find_first_not_of(kSeparators);
    if (start == std::string_view::npos) return false;
    list.remove_prefix(start);
    const std::size_t end = std::min(list.find_first_of(kSeparators), list.size());
    if (equals_ignoring_case(list.substr(0, end), word)) return true;
    list.remove_prefix(end);
  }
  return false;
}

bool holds(const AuditTest& test, std::string_view value) {
  using enum AuditTest::Operator;
  const auto any = [&](auto matches) { return std::ranges::any_of(test.operands, matches); };
  switch (test.op) {
    case kEmpty: return trim(value).empty();
    case kSet: return !trim(value).empty();
    case kUnset: return false;
    case kEquals: return any([&](const auto& word) { return equals_ignoring_case(value, word); });
    case kContains: return any([&](const auto& word) { return contains_word(value, word); });
    case kMatches:
      return any([&](const auto& pattern) { return RE2::PartialMatch(value, RE2(pattern)); });
    case kLongerThan: {
      const auto seconds = parse_duration(value);
      return seconds && any([&](const auto& limit) { return *seconds > *parse_duration(limit); });
    }
  }
  return false;
}

/// Whether any setting of the rule's component passes; kUnset passes where there is none of value.
bool holds_anywhere(const AuditTest& test, const std::string& component, const Settings& settings) {
  bool is_set = false;
  for (const Setting& setting : settings) {
    if (setting.component != component || setting.name != test.setting) continue;
    if (!trim(setting.value).empty()) is_set = true;
    if (holds(test, setting.value)) return true;
  }
  return test.op == AuditTest::Operator::kUnset && !is_set;
}

}  // namespace

std::expected<std::vector<AuditRule>, std::vector<Error>> load_audit_rules(
    const std::string& directory) {
  std::vector<AuditRule> rules;
  std::vector<Error> errors;
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error))
    if (it->path().extension() == ".yaml") files.push_back(it->path());
  if (error) return std::unexpected(std::vector<Error>{{directory, error.message()}});
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    RuleReader reader(file.string(), errors);
    try {
      rules.push_back(reader.read(YAML::LoadFile(file.string())));
      const fs::path expected = fs::path(directory) / (rules.back().id + ".yaml");
      if (expected.lexically_normal() != file.lexically_normal())
        errors.push_back({file.string() + ":1", "the id must be the path: " + rules.back().id});
    } catch (const YAML::Exception& bad) {
      errors.push_back({file.string() + ':' + std::to_string(bad.mark.line + 1), bad.msg});
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return rules;
}

std::vector<AuditNote> judge(const std::vector<AuditRule>& rules, const Settings& settings) {
  std::vector<AuditNote> notes;
  for (const AuditRule& rule : rules) {
    const auto elsewhere = [&](const AuditTest& test) {
      return holds_anywhere(test, rule.component, settings);
    };
    if (!std::ranges::all_of(rule.and_also, elsewhere)) continue;
    if (std::ranges::any_of(rule.unless, elsewhere)) continue;
    for (const Setting& setting : settings) {
      if (setting.component != rule.component || setting.name != rule.when.setting ||
          !holds(rule.when, setting.value))
        continue;
      notes.push_back({rule.id, rule.component, setting.file, setting.line, setting.name,
                       setting.value, rule.severity, rule.causes, rule.why, rule.fix});
    }
  }
  return notes;
}

}  // namespace backscan::mail

// The metadata of a rule file (rule_reader.h).
#include "rules/rule_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace backscan::rules {
namespace {

constexpr auto kKeys = std::to_array<std::string_view>(
    {"id", "title", "class", "severity", "confidence", "status", "causes", "when", "message",
     "remedy", "references", "false_positives", "author", "date", "clean", "slow"});

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool is_id(std::string_view id) {
  const std::size_t slash = id.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < id.size() &&
         std::ranges::all_of(id.substr(0, slash), is_word_char) &&
         std::ranges::all_of(id.substr(slash + 1), is_word_char);
}

bool is_date(std::string_view date) {
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') return false;
  for (const std::size_t i : {0, 1, 2, 3, 5, 6, 8, 9})
    if (date[i] < '0' || date[i] > '9') return false;
  const int month = (date[5] - '0') * 10 + date[6] - '0';
  const int day = (date[8] - '0') * 10 + date[9] - '0';
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/// Reads a word of a closed list.
template <typename Names>
std::string read_word(YamlSource& source, const YAML::Node& map, const char* key,
                      const Names& names, bool is_required) {
  const auto word = source.text(map, key, is_required);
  if (!word) return {};
  if (std::ranges::find(names, *word) == names.end())
    source.complain(map[key],
                    fmt::format("{} '{}' is none of: {}", key, *word, fmt::join(names, ", ")));
  return *word;
}

void read_causes(YamlSource& source, const YAML::Node& map, RuleInfo& info) {
  for (const std::string& word : source.texts(map, "causes")) {
    const auto cause = parse_cause(word);
    if (!cause) {
      source.complain(map["causes"], fmt::format("causes '{}' is none of: {}", word,
                                                 fmt::join(kCauseNames, ", ")));
    } else if (std::ranges::find(info.causes, *cause) != info.causes.end()) {
      source.complain(map["causes"], fmt::format("cause '{}' stands twice", word));
    } else {
      info.causes.push_back(*cause);
    }
  }
}

/// Placeholders of a message: a misspelt one would reach the reader as it is.
void check_message(YamlSource& source, const YAML::Node& map, std::string_view message) {
  constexpr auto kKnown = std::to_array<std::string_view>({"{sink}", "{source}", "{match}"});
  for (std::size_t at = message.find('{'); at != std::string_view::npos;
       at = message.find('{', at + 1)) {
    const std::string_view rest = message.substr(at);
    if (std::ranges::none_of(kKnown, [&](std::string_view word) { return rest.starts_with(word); }))
      source.complain(map["message"].IsDefined() ? map["message"] : map["title"],
                      fmt::format("message: '{{' begins none of: {}", fmt::join(kKnown, ", ")));
  }
}

void read_clean(YamlSource& source, const YAML::Node& map, RuleInfo& info) {
  const YAML::Node clean = map["clean"];
  if (!clean.IsDefined()) return;
  constexpr auto kCleanKeys = std::to_array<std::string_view>({"block"});
  if (!source.check_keys(clean, "'clean'", kCleanKeys)) return;
  info.clean_block = source.text(clean, "block", true).value_or("");
  if (info.clean_block.empty()) return;
  if (const auto problem = pattern_error(info.clean_block))
    source.complain(clean["block"], *problem);
}

void read_metadata(YamlSource& source, const YAML::Node& map, const std::string& path_id,
                   RuleInfo& info) {
  info.id = source.text(map, "id", true).value_or("");
  if (!info.id.empty() && !is_id(info.id))
    source.complain(map["id"], "id must be <class>/<name> in a-z, 0-9 and '-'");
  else if (!info.id.empty() && info.id != path_id)
    source.complain(map["id"],
                    fmt::format("id '{}' does not fit the path: '{}' expected", info.id, path_id));
  info.title = source.text(map, "title", true).value_or("");
  info.rule_class = read_word(source, map, "class", kClassNames, true);
  if (!info.rule_class.empty() && !path_id.starts_with(info.rule_class + "/"))
    source.complain(map["class"],
                    fmt::format("class '{}' does not fit the path '{}'", info.rule_class, path_id));
  const std::string severity = read_word(source, map, "severity", kSeverityNames, true);
  info.severity = parse_severity(severity).value_or(Severity::kInfo);
  const std::string confidence = read_word(source, map, "confidence", kConfidenceNames, true);
  info.confidence = parse_confidence(confidence).value_or(Confidence::kLow);
  info.status = read_word(source, map, "status", kStatusNames, false);
  if (info.status.empty()) info.status = "test";
  read_causes(source, map, info);
  info.message = source.text(map, "message", false).value_or(info.title);
  check_message(source, map, info.message);
  info.remedy = source.text(map, "remedy", false).value_or("");
  info.references = source.texts(map, "references");
  info.false_positives = source.text(map, "false_positives", false).value_or("");
  read_clean(source, map, info);
  info.author = source.text(map, "author", false).value_or("");
  info.date = source.text(map, "date", false).value_or("");
  if (!info.date.empty() && !is_date(info.date))
    source.complain(map["date"], "date must be YYYY-MM-DD");
}

}  // namespace

std::optional<Rule> read_rule(const RuleSource& source, std::vector<Error>& errors) {
  YamlSource yaml(source.file, errors);
  if (source.text.size() > kMaxRuleBytes) {
    yaml.complain_at_line(1, fmt::format("a rule file has at most {} bytes", kMaxRuleBytes));
    return std::nullopt;
  }
  const std::size_t errors_before = errors.size();
  const auto map = yaml.parse(source.text);
  if (!map || !yaml.check_keys(*map, "rule", kKeys)) return std::nullopt;
  Rule rule;
  rule.info.file = source.file;
  rule.info.line = YamlSource::line_of(*map);
  read_metadata(yaml, *map, source.id, rule.info);
  rule.is_slow_allowed = yaml.boolean(*map, "slow");
  if (const YAML::Node when = (*map)["when"]; when.IsDefined())
    read_condition(yaml, when, rule.when);
  else
    yaml.complain(*map, "missing key 'when'");
  if (errors.size() != errors_before) return std::nullopt;
  return rule;
}

}  // namespace backscan::rules

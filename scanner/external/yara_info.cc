// See yara_info.h.
#include "external/yara_info.h"

#include <charconv>
#include <optional>

#include "base/text.h"

namespace backscan::external {
namespace {

constexpr std::size_t kMaxTitleBytes = 100;
constexpr std::size_t kMaxReferences = 10;

std::optional<std::int64_t> number_of(const YaraMeta& meta) {
  if (const auto* number = std::get_if<std::int64_t>(&meta.value)) return *number;
  const std::string_view text = trim(std::get<std::string>(meta.value));
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string text_of(const YaraMeta& meta) {
  if (const auto* number = std::get_if<std::int64_t>(&meta.value)) return std::to_string(*number);
  return std::string(trim(std::get<std::string>(meta.value)));
}

Severity severity_of_score(std::int64_t score) {
  if (score >= 90) return Severity::kCritical;
  if (score >= 70) return Severity::kHigh;
  if (score >= 50) return Severity::kMedium;
  return score >= 25 ? Severity::kLow : Severity::kInfo;
}

std::optional<Severity> severity_of(const YaraMeta& meta) {
  constexpr std::int64_t kSmallScale = 10;
  if (const auto number = number_of(meta)) {
    const bool is_small = meta.name == "severity" && *number <= kSmallScale;
    return severity_of_score(is_small ? *number * kSmallScale : *number);
  }
  const std::string word = ascii_lower(text_of(meta));
  if (is_any(word, {"informational", "information", "none"})) return Severity::kInfo;
  if (is_any(word, {"moderate", "warning", "suspicious"})) return Severity::kMedium;
  if (is_any(word, {"severe", "malicious"})) return Severity::kHigh;
  return parse_severity(word);
}

/// What a person reads must not be filled in as a message of backscan's own would be.
std::string without_holes(std::string text) {
  std::erase_if(text, [](char c) { return c == '{' || c == '}'; });
  return text;
}

}  // namespace

rules::RuleInfo yara_rule_info(std::string_view name_space, std::string_view rule,
                               const std::vector<YaraMeta>& metas) {
  rules::RuleInfo info;
  info.rule_class = "external";
  info.id = "external/" + std::string(name_space) + "." + std::string(rule);
  info.status = "stable";
  info.causes = {Cause::kNone};  // not known to be any that blacklists list for
  std::optional<Severity> severity;
  std::optional<Severity> score;
  std::string description;
  for (const YaraMeta& meta : metas) {
    const std::string name = ascii_lower(meta.name);
    const YaraMeta folded{name, meta.value};
    if (name == "severity" && !severity) {
      severity = severity_of(folded);
    } else if (name == "score" && !score) {
      if (const auto number = number_of(folded)) score = severity_of_score(*number);
    } else if (name == "confidence") {
      info.confidence = parse_confidence(ascii_lower(text_of(meta))).value_or(info.confidence);
    } else if (is_any(name, {"description", "desc"}) && description.empty()) {
      description = text_of(meta);
    } else if (name == "author" && info.author.empty()) {
      info.author = text_of(meta);
    } else if (name == "date" && info.date.empty()) {
      info.date = text_of(meta);
    } else if (is_any(name, {"reference", "references", "ref", "url", "link"}) ||
               name.starts_with("reference")) {
      if (info.references.size() < kMaxReferences) info.references.push_back(text_of(meta));
    }
  }
  if (!info.author.empty()) info.references.push_back("author: " + info.author);
  info.severity = severity ? *severity : score.value_or(Severity::kMedium);
  info.title = description.empty() ? "YARA rule " + std::string(rule)
                                   : truncate_utf8(to_utf8(description), kMaxTitleBytes);
  info.message = description.empty()
                     ? "The YARA rule " + std::string(rule) + " of " + std::string(name_space) +
                           " matches."
                     : without_holes(to_utf8(description));
  info.remedy =
      "Read the file beside what the YARA rule looks for; backscan has not judged this rule.";
  return info;
}

}  // namespace backscan::external

// See findings.h. Lines are counted only here, so only for files with matches.
#include "scan/findings.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "rules/digest.h"
#include "scan/excerpt.h"
#include "scan/line_index.h"

namespace backscan::scan {
namespace {

constexpr std::size_t kMaxMatchInMessage = 60;
constexpr std::size_t kMaxFingerprintText = 1024;
constexpr std::size_t kFingerprintDigits = 32;

std::string_view matched_text(const rules::Match& match) {
  if (match.view == ViewKind::kPath || match.excerpt_place.begin > match.excerpt_text.size())
    return {};
  return match.excerpt_text.substr(match.excerpt_place.begin,
                                   match.excerpt_place.end - match.excerpt_place.begin);
}

std::string normalised(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kMaxFingerprintText)) {
    const bool is_space = c == ' ' || (c >= '\t' && c <= '\r');
    if (is_space && (out.empty() || out.back() == ' ')) continue;
    out += is_space ? ' ' : ascii_lower(c);
  }
  return out;
}

std::string hash_of(std::initializer_list<std::string_view> parts) {
  std::string joined;
  for (const std::string_view part : parts) joined.append(part).push_back('\0');
  return rules::sha256_hex(joined).substr(0, kFingerprintDigits);
}

class FindingMaker {
 public:
  FindingMaker(const FileVerdict& verdict, const FileInput& input, const rules::RuleSet& rules,
               bool show_addresses)
      : verdict_(verdict),
        input_(input),
        rules_(rules),
        show_addresses_(show_addresses),
        bytes_(input.all_bytes.size() > input.bytes.size() ? input.all_bytes : input.bytes),
        lines_(bytes_) {}

  [[nodiscard]] Finding make(const rules::Match& match) const {
    return make(rules_.rules()[match.rule], match);
  }

  [[nodiscard]] Finding make(const rules::RuleInfo& rule, const rules::Match& match) const {
    Finding finding;
    finding.rule = rule.id;
    finding.title = rule.title;
    finding.rule_class = rule.rule_class;
    finding.severity = rule.severity;
    finding.confidence = rule.confidence;
    finding.causes = rule.causes;
    finding.remedy = rule.remedy;
    finding.references = rule.references;
    finding.view = match.view;
    if (match.layer != 0 && match.layer <= verdict_.layers.size())
      finding.layers = verdict_.layers[match.layer - 1].steps;
    set_lines(match.place, finding);
    if (match.fact != nullptr)
      for (const TraceStep& step : match.fact->trace)
        finding.flow.push_back({line_of(step.offset), shown(step.what)});
    if (match.view != ViewKind::kPath)
      finding.excerpt = excerpt_of(match.excerpt_text, match.excerpt_place, show_addresses_);
    finding.message = fill_message(rule.message, match, show_addresses_);
    finding.fingerprint = normalised(matched_text(match));
    return finding;
  }

 private:
  [[nodiscard]] std::string shown(std::string_view text) const {
    const std::string safe = escape_controls(show_addresses_ ? text : mask_addresses(text));
    return truncate_utf8(safe, kMaxExcerptBytes);
  }

  /// 0 where the line cannot be told: in the tail of a file that was read in part.
  [[nodiscard]] std::size_t line_of(Offset offset) const {
    if (offset >= bytes_.size() && !(input_.tail.empty() && input_.all_tail.empty())) return 0;
    return lines_.position(offset).line;
  }

  void set_lines(const Span& place, Finding& finding) const {
    finding.line = place == Span{} ? 0 : line_of(place.begin);
    if (finding.line == 0) return;
    finding.column = lines_.position(place.begin).column;
    finding.end_line = place.end > place.begin ? line_of(place.end - 1) : finding.line;
    finding.end_line = std::max(finding.end_line, finding.line);
  }

  const FileVerdict& verdict_;
  const FileInput& input_;
  const rules::RuleSet& rules_;
  bool show_addresses_;
  std::string_view bytes_;  // that offsets speak of
  LineIndex lines_;
};

auto order_of(const Finding& finding) {
  return std::tie(finding.line, finding.column, finding.rule);
}

}  // namespace

std::string fill_message(std::string_view message, const rules::Match& match,
                         bool show_addresses) {
  const auto value_of = [&](std::string_view name) -> std::string {
    const auto safe = [&](std::string_view text) {
      return truncate_utf8(escape_controls(show_addresses ? text : mask_addresses(text)),
                           kMaxMatchInMessage);
    };
    if (name == "match")
      return excerpt_of(matched_text(match).substr(0, 4 * kMaxMatchInMessage), {}, show_addresses,
                        kMaxMatchInMessage);
    if (name == "sink")
      return match.fact != nullptr && !match.fact->sink.empty() ? safe(match.fact->sink)
                                                                : "this call";
    return match.fact != nullptr && !match.fact->source.empty() ? safe(match.fact->source)
                                                                : "outside";
  };
  std::string out;
  while (!message.empty()) {
    bool is_filled = false;
    for (const std::string_view name : {"match", "sink", "source"}) {
      const std::string hole = '{' + std::string(name) + '}';
      if (!message.starts_with(hole)) continue;
      out += value_of(name);
      message.remove_prefix(hole.size());
      is_filled = true;
    }
    if (is_filled) continue;
    out += message.front();
    message.remove_prefix(1);
  }
  return out;
}

std::vector<Finding> findings_of(const FileVerdict& verdict, const FileInput& input,
                                 const rules::RuleSet& rules, bool show_addresses) {
  std::vector<Finding> findings;
  if (verdict.matches.empty() && verdict.external.empty()) return findings;
  const FindingMaker maker(verdict, input, rules, show_addresses);
  for (const rules::Match& match : verdict.matches) findings.push_back(maker.make(match));
  for (const ExternalMatch& match : verdict.external)
    findings.push_back(maker.make(*match.rule, match.match));
  std::ranges::stable_sort(findings, {}, order_of);
  const auto same = [](const Finding& a, const Finding& b) { return order_of(a) == order_of(b); };
  findings.erase(std::unique(findings.begin(), findings.end(), same), findings.end());
  return findings;
}

void place_findings(std::vector<Finding>& findings, const walk::FileEntry& entry,
                    const FileInfo& file) {
  const std::string relative_path = entry.relative_path();
  std::map<std::pair<std::string, std::string>, int> seen;
  for (Finding& finding : findings) {
    const int ordinal = seen[{finding.rule, finding.fingerprint}]++;
    finding.fingerprint =
        ordinal == 0
            ? hash_of({finding.rule, relative_path, finding.fingerprint})
            : hash_of({finding.rule, relative_path, finding.fingerprint, std::to_string(ordinal)});
    if (finding.view == ViewKind::kPath)
      finding.excerpt = truncate_utf8(escape_controls(relative_path), kMaxExcerptBytes);
    finding.path = entry.path();
    finding.root = entry.root;
    finding.file = file;
  }
}

}  // namespace backscan::scan

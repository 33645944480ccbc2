// YAML by yaml-cpp, whose exceptions end here.
#include "report/ignore.h"

#include <fnmatch.h>
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

#include "model/time_text.h"
#include "report/merge.h"

namespace backscan::report {
namespace {

std::string origin_of(const std::string& file, const YAML::Mark& mark) {
  return mark.is_null() ? file : fmt::format("{}:{}", file, mark.line + 1);
}

class IgnoreReader {
 public:
  explicit IgnoreReader(const std::string& file) : file_(file) {}

  Result<std::vector<IgnoreRule>> read(const YAML::Node& document) {
    if (!document.IsMap()) return fail(document, "a map with the key \"ignore\" is wanted");
    for (const auto& member : document)
      if (member.first.Scalar() != "ignore")
        return fail(member.first, fmt::format("unknown key \"{}\"", member.first.Scalar()));
    const YAML::Node list = document["ignore"];
    if (!list.IsSequence()) return fail(list, "\"ignore\" must be a list");
    std::vector<IgnoreRule> rules;
    for (const YAML::Node& node : list) {
      auto rule = read_rule(node);
      if (!rule) return std::unexpected(rule.error());
      rules.push_back(*std::move(rule));
    }
    return rules;
  }

 private:
  std::unexpected<Error> fail(const YAML::Node& node, std::string reason) const {
    return std::unexpected(Error{origin_of(file_, node.Mark()), std::move(reason)});
  }
  Result<IgnoreRule> read_rule(const YAML::Node& node) {
    if (!node.IsMap()) return fail(node, "an entry must be a map");
    IgnoreRule rule;
    rule.origin = origin_of(file_, node.Mark());
    for (const auto& member : node) {
      if (!member.first.IsScalar() || !member.second.IsScalar())
        return fail(member.first, "keys and values must be plain text");
      if (const auto read = read_key(member.first.Scalar(), member.second, rule); !read)
        return std::unexpected(read.error());
    }
    if (rule.reason.empty()) return fail(node, "an entry needs a \"reason\"");
    if (rule.fingerprint.empty() && rule.rule.empty() && !rule.path)
      return fail(node, "an entry needs a \"fingerprint\", a \"rule\" or a \"path\"");
    return rule;
  }
  Result<void> read_key(const std::string& key, const YAML::Node& value, IgnoreRule& rule) {
    const std::string& text = value.Scalar();
    if (key == "fingerprint") {
      rule.fingerprint = text;
    } else if (key == "rule") {
      rule.rule = text;
    } else if (key == "reason") {
      rule.reason = text;
    } else if (key == "path") {
      rule.is_absolute = text.starts_with('/');
      auto glob = walk::Glob::compile(text);
      if (!glob) return fail(value, glob.error().message());
      rule.path = *std::move(glob);
    } else if (key == "expires") {
      const auto expires = parse_time(text);
      if (!expires) return fail(value, expires.error().message());
      rule.expires = *expires;
    } else {
      return fail(value, fmt::format("unknown key \"{}\"", key));
    }
    return {};
  }

  const std::string& file_;
};

std::string_view below_root(const Finding& finding, bool is_absolute) {
  std::string_view path = finding.path;
  if (!is_absolute && path.starts_with(finding.root)) path.remove_prefix(finding.root.size());
  while (path.starts_with('/')) path.remove_prefix(1);
  return path;
}

bool matches(const IgnoreRule& rule, const Finding& finding) {
  if (!rule.fingerprint.empty() && rule.fingerprint != finding.fingerprint) return false;
  if (!rule.rule.empty() && rule.rule != finding.rule_class &&
      ::fnmatch(rule.rule.c_str(), finding.rule.c_str(), 0) != 0)
    return false;
  if (!rule.path) return true;
  const std::string_view path = below_root(finding, rule.is_absolute);
  return rule.path->matches(path, path.substr(path.rfind('/') + 1), false);
}

}  // namespace

Result<std::vector<IgnoreRule>> load_ignore_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return system_error(file, errno);
  try {
    return IgnoreReader(file).read(YAML::Load(in));
  } catch (const YAML::Exception& error) {
    return std::unexpected(Error{origin_of(file, error.mark), error.msg});
  }
}

void apply_ignore_rules(const std::vector<IgnoreRule>& rules, Time now, ScanResult& result) {
  std::vector<const IgnoreRule*> valid;
  for (const IgnoreRule& rule : rules) {
    if (!rule.expires || now < *rule.expires)
      valid.push_back(&rule);
    else
      result.errors.push_back({.stage = Stage::kRule,
                               .path = rule.origin,
                               .reason = "expired on " + format_date(*rule.expires),
                               .is_note = true});
  }
  const std::size_t removed = std::erase_if(result.findings, [&](const Finding& finding) {
    return std::ranges::any_of(valid, [&](const IgnoreRule* rule) { return matches(*rule, finding); });
  });
  if (removed > 0) result.summary.suppressed["ignore"] += removed;
  sort_records(result);
  recount(result);
}

}  // namespace backscan::report

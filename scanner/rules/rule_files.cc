// Finding, reading and choosing rule files (rule_files.h).
#include "rules/rule_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <map>

#include "base/whole_file.h"

namespace backscan::rules {
namespace {

namespace fs = boost::filesystem;

/// Names and kinds of a directory's entries; dot files are nobody's rules.
std::vector<fs::directory_entry> entries_of(const std::string& directory,
                                            std::vector<Error>& errors) {
  std::vector<fs::directory_entry> entries;
  boost::system::error_code failure;
  fs::directory_iterator it(directory, failure);
  while (!failure && it != fs::directory_iterator()) {
    if (!it->path().filename().string().starts_with('.')) entries.push_back(*it);
    it.increment(failure);
  }
  if (failure) errors.push_back({directory, errno_text(failure.value())});
  std::ranges::sort(entries, {}, [](const auto& entry) { return entry.path().native(); });
  return entries;
}

bool names_directory(const fs::directory_entry& entry) {
  boost::system::error_code ignored;
  return fs::is_directory(entry.status(ignored));
}

void read_class(const std::string& directory, const std::string& class_name,
                std::map<std::string, RuleSource>& sources, std::vector<Error>& errors) {
  for (const fs::directory_entry& entry : entries_of(directory, errors)) {
    const std::string path = entry.path().string();
    const std::string extension = entry.path().extension().string();
    if (names_directory(entry)) {
      errors.push_back({path + ":1", "rules lie at <class>/<name>.yaml, not deeper"});
    } else if (extension == ".yml") {
      errors.push_back({path + ":1", "the name of a rule file ends in .yaml"});
    } else if (extension == ".yaml") {
      auto text = read_whole_file(path, kMaxRuleBytes);
      if (!text) {
        errors.push_back(text.error());
        continue;
      }
      const std::string id = class_name + "/" + entry.path().stem().string();
      sources[id] = {.file = path, .id = id, .text = std::move(*text)};
    }
  }
}

bool matches_glob(std::string_view glob, std::string_view text) {
  const std::size_t star = glob.find('*');
  if (star == std::string_view::npos) return glob == text;
  if (!text.starts_with(glob.substr(0, star))) return false;
  const std::string_view rest = glob.substr(star + 1);
  if (rest.empty()) return true;
  for (std::size_t at = star; at <= text.size(); ++at)
    if (matches_glob(rest, text.substr(at))) return true;
  return false;
}

}  // namespace

std::vector<RuleSource> read_rule_files(std::span<const std::string> directories,
                                        std::vector<Error>& errors) {
  std::map<std::string, RuleSource> sources;
  for (const std::string& directory : directories) {
    for (const fs::directory_entry& entry : entries_of(directory, errors)) {
      const std::string name = entry.path().filename().string();
      const std::string path = entry.path().string();
      if (!names_directory(entry)) {
        if (entry.path().extension() == ".yaml")
          errors.push_back({path + ":1", "rules lie at <class>/<name>.yaml"});
      } else if (std::ranges::find(kClassNames, name) != kClassNames.end()) {
        read_class(path, name, sources, errors);
      } else if (std::ranges::find(kOtherDirectories, name) == kOtherDirectories.end()) {
        errors.push_back({path + ":1", fmt::format("no rule class; the classes are: {}",
                                                   fmt::join(kClassNames, ", "))});
      }
    }
  }
  if (sources.size() > kMaxRules)
    errors.push_back({"rules", fmt::format("more than {} rules", kMaxRules)});
  std::vector<RuleSource> sorted;
  for (auto& [id, source] : sources) sorted.push_back(std::move(source));
  return sorted;
}

bool selects(std::string_view name, std::string_view id) {
  if (matches_glob(name, id)) return true;
  return matches_glob(name, id.substr(0, id.find('/')));
}

bool is_wanted(const RuleInfo& rule, const LoadOptions& options) {
  const auto selects_rule = [&](const std::string& name) { return selects(name, rule.id); };
  return rule.severity >= options.min_severity && rule.confidence >= options.min_confidence &&
         (options.only.empty() || std::ranges::any_of(options.only, selects_rule)) &&
         std::ranges::none_of(options.skip, selects_rule);
}

std::expected<std::vector<Rule>, std::vector<Error>> read_rules(
    std::span<const std::string> directories) {
  std::vector<Error> errors;
  std::vector<Rule> rules;
  for (const RuleSource& source : read_rule_files(directories, errors))
    if (auto rule = read_rule(source, errors)) rules.push_back(std::move(*rule));
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return rules;
}

}  // namespace backscan::rules

// A rule directory on disk that lives as long as a test, and short ways to load and run it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"

namespace backscan::rules::testing {

class RuleDir {
 public:
  RuleDir() {
    std::string name = (std::filesystem::temp_directory_path() / "backscan-rules-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~RuleDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  RuleDir(const RuleDir&) = delete;
  RuleDir& operator=(const RuleDir&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

  /// Writes `text` to `file` below the directory.
  void write(const std::string& file, std::string_view text) const {
    const std::filesystem::path target = std::filesystem::path(path_) / file;
    std::filesystem::create_directories(target.parent_path());
    std::ofstream(target, std::ios::binary) << text;
  }
  /// Writes a rule of sound metadata whose `when` is `when` in YAML's flow style.
  void add(const std::string& id, const std::string& when, const std::string& more = "") const {
    write(id + ".yaml", "id: " + id + "\ntitle: T\nclass: " + id.substr(0, id.find('/')) +
                            "\nseverity: high\nconfidence: high\n" + more + "when: " + when + "\n");
  }
  [[nodiscard]] LoadOptions options() const { return {.directories = {path_}}; }
  [[nodiscard]] RuleSet load() const { return load(options()); }
  [[nodiscard]] static RuleSet load(const LoadOptions& options) {
    auto rules = RuleSet::load(options);
    if (!rules) {
      std::string all;
      for (const Error& error : rules.error()) all += error.message() + "\n";
      throw std::runtime_error("rules do not load:\n" + all);
    }
    return std::move(*rules);
  }
  /// The errors of loading, each with the directory's own path cut off.
  [[nodiscard]] std::vector<std::string> errors() const {
    std::vector<std::string> texts;
    const auto rules = RuleSet::load(options());
    if (rules) return texts;
    for (const Error& error : rules.error()) {
      std::string text = error.message();
      if (text.starts_with(path_)) text.erase(0, path_.size() + 1);
      texts.push_back(text);
    }
    return texts;
  }

 private:
  std::string path_;
};

/// The ids of `matches`, in order.
inline std::vector<std::string> ids_of(const RuleSet& rules, const std::vector<Match>& matches) {
  std::vector<std::string> ids;
  for (const Match& match : matches) ids.push_back(rules.rules()[match.rule].id);
  return ids;
}

/// What `rules` say of a file that is only `raw` bytes.
inline std::vector<Match> match_raw(const RuleSet& rules, std::string_view raw,
                                    std::string_view path = "a.php") {
  Matcher matcher(rules);
  matcher.begin(path, raw.size());
  matcher.scan({.kind = ViewKind::kRaw, .text = raw});
  std::vector<Match> matches;
  EXPECT_TRUE(matcher.finish(matches).has_value());
  return matches;
}

}  // namespace backscan::rules::testing

// Short ways to scan a tree with a few rules in a test.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "base/text.h"
#include "scan/scan.h"
#include "unit/rules/rule_dir.h"
#include "unit/walk/temp_tree.h"

namespace backscan::testing_support {

/// A rule set of one rule over raw text, and others as added.
class Rules {
 public:
  Rules& add(const std::string& id, const std::string& when, const std::string& more = "") {
    directory_.add(id, when, more);
    return *this;
  }
  [[nodiscard]] rules::RuleSet load() const { return directory_.load(); }

 private:
  rules::testing::RuleDir directory_;
};

inline ScanResult scan_tree(const scan::ScanOptions& options, const rules::RuleSet& rules) {
  scan::Progress progress;
  const std::atomic<bool> interrupted{false};
  return scan::scan(options, rules, progress, interrupted);
}

inline scan::ScanOptions options_for(const TempTree& tree, unsigned jobs = 2) {
  scan::ScanOptions options;
  options.walk.roots = {tree.path()};
  options.jobs = jobs;
  return options;
}

/// "name:line:column rule" of each finding, the path below the tree.
inline std::vector<std::string> places(const ScanResult& result, const TempTree& tree) {
  std::vector<std::string> texts;
  for (const Finding& f : result.findings)
    texts.push_back(fmt::format("{}:{}:{} {}", f.path.substr(tree.path().size() + 1), f.line,
                                f.column, f.rule));
  return texts;
}

/// Everything that outputs show of a finding or error, to compare whole results.
inline std::string dump(const ScanResult& result) {
  std::string text;
  for (const Finding& f : result.findings)
    text += fmt::format("{}|{}|{}|{}-{}|{}|{}|{}|{}|{}|{}|{}\n", f.path, f.rule, f.line, f.column,
                        f.end_line, name_of(f.view), f.excerpt, f.message, f.fingerprint,
                        f.file.sha256, f.file.size, f.root);
  for (const ErrorRecord& e : result.errors)
    text += fmt::format("{}|{}|{}|{}\n", name_of(e.stage), e.path, e.reason, e.is_note);
  const Counts& c = result.summary.counts;
  text += fmt::format("{} {} {} {} {} {}\n", c.files_seen, c.files_scanned, c.files_partial,
                      c.directories, c.bytes_seen, c.bytes_scanned);
  for (const auto& [reason, count] : c.skipped) text += fmt::format("{}={}\n", reason, count);
  for (const std::string& reason : result.summary.incomplete_reasons) text += reason + "\n";
  return text;
}

}  // namespace backscan::testing_support

// Globs by fnmatch(3), where '*' crosses '/'.
#include "response/choose.h"

#include <fnmatch.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace backscan::response {
namespace {

bool matches_any(const std::vector<std::string>& globs, const std::string& text) {
  return std::ranges::any_of(globs, [&](const std::string& glob) {
    return glob == text || ::fnmatch(glob.c_str(), text.c_str(), 0) == 0;
  });
}

bool is_chosen(const Finding& finding, const Choice& choice, const std::string& host) {
  if (finding.severity < choice.min_severity || finding.confidence < choice.min_confidence)
    return false;
  if (!host.empty() && !finding.hosts.empty() &&
      std::ranges::find(finding.hosts, host) == finding.hosts.end())
    return false;
  if (!choice.rules.empty() && !matches_any(choice.rules, finding.rule) &&
      !matches_any(choice.rules, finding.rule_class))
    return false;
  if (!choice.accounts.empty() && !matches_any(choice.accounts, finding.account.value_or("")))
    return false;
  return choice.paths.empty() || matches_any(choice.paths, finding.path);
}

}  // namespace

std::vector<Candidate> choose(const ScanResult& result, const Choice& choice,
                              const std::string& host) {
  std::map<std::string, Candidate> by_path;
  for (const Finding& finding : result.findings) {
    if (!is_chosen(finding, choice, host)) continue;
    Candidate& candidate = by_path[finding.path];
    if (candidate.findings.empty()) {
      candidate.root = finding.root;
      candidate.path = finding.path;
      candidate.sha256 = finding.file.sha256;
    }
    candidate.findings.push_back(&finding);
  }
  std::vector<Candidate> candidates;
  for (auto& [path, candidate] : by_path) {
    std::ranges::stable_sort(candidate.findings, [](const Finding* a, const Finding* b) {
      return std::tie(a->rank, a->severity) > std::tie(b->rank, b->severity);
    });
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

}  // namespace backscan::response

// Grouping and counting only; how it looks is each format's business.
#include "report/group.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/words.h"

namespace backscan::report {
namespace {

constexpr std::size_t kFullOfFile = 3;
constexpr std::size_t kLinesShown = 5;

/// A weakness to mend in a file that belongs there; what is no weakness is best got rid of.
bool is_weakness(const Finding& finding) {
  return finding.rule_class == "open-relay" || finding.rule_class == "header-injection" ||
         finding.rule_class == "autoreply";
}

std::string not_checked_clause(const ListingOverview& overview) {
  if (overview.not_checked.empty()) return {};
  return fmt::format("; {} could not be asked", grouped(overview.not_checked.size()));
}

}  // namespace

std::vector<Group> group_findings(const ScanResult& result) {
  std::map<std::pair<bool, std::string>, Group> by_name;
  for (const Finding& finding : result.findings) {
    const bool is_account = finding.account.has_value();
    const std::string& name = is_account ? *finding.account : finding.root;
    Group& group = by_name[{is_account, name}];
    group.is_account = is_account;
    group.name = name;
    group.findings.push_back(&finding);
  }
  std::vector<Group> groups;
  for (auto& [key, group] : by_name) {
    std::ranges::sort(group.findings,
                      [](const Finding* a, const Finding* b) { return is_likelier(*a, *b); });
    std::set<std::string> domains;
    std::set<std::string> roots;
    for (const Finding* finding : group.findings) {
      if (finding->domain) domains.insert(*finding->domain);
      roots.insert(finding->root);
    }
    group.domains.assign(domains.begin(), domains.end());
    group.roots.assign(roots.begin(), roots.end());
    groups.push_back(std::move(group));
  }
  std::ranges::stable_sort(groups, std::ranges::greater{}, &Group::top_rank);
  return groups;
}

std::vector<FileFindings> files_of(const Group& group) {
  std::vector<FileFindings> files;
  std::map<std::pair<std::string_view, std::vector<std::string>>, std::size_t> numbers;  // and hosts
  for (const Finding* finding : group.findings) {
    const auto [number, is_new] =
        numbers.try_emplace({finding->path, finding->hosts}, files.size());
    if (is_new) files.emplace_back();
    files[number->second].push_back(finding);
  }
  return files;
}

FileDigest digest_of(const FileFindings& findings, bool is_verbose) {
  const std::size_t most = is_weakness(*findings.front()) ? kFullOfFile : 1;
  FileDigest digest;
  const auto is_said = [&digest](const Finding* finding) {
    return std::ranges::any_of(
        digest.full, [&](const Finding* other) { return other->remedy == finding->remedy; });
  };
  for (const Finding* finding : findings) {
    if (is_verbose || (digest.full.size() < most && !is_said(finding))) {
      digest.full.push_back(finding);
      continue;
    }
    const auto rule = std::ranges::find(
        digest.further, finding->rule,
        [](const FileFindings& others) -> const std::string& { return others.front()->rule; });
    if (rule == digest.further.end())
      digest.further.push_back({finding});
    else
      rule->push_back(finding);
  }
  return digest;
}

std::string lines_text(const FileFindings& findings) {
  std::set<std::size_t> lines;
  for (const Finding* finding : findings)
    if (finding->line > 0) lines.insert(finding->line);
  if (lines.empty()) return {};
  std::vector<std::string> numbers;
  for (const std::size_t line : lines) numbers.push_back(std::to_string(line));
  return (lines.size() == 1 ? "line " : "lines ") + joined_first(numbers, kLinesShown);
}

std::string findings_text(const Group& group, std::size_t files) {
  std::string text = counted(group.findings.size(), "finding");
  if (files < group.findings.size()) text += " in " + counted(files, "file");
  return text;
}

ListingOverview overview_of(const std::vector<Listing>& listings) {
  ListingOverview overview;
  for (const Listing& listing : listings) {
    switch (listing.state) {
      case ListingState::kListed:
        (listing.is_informational ? overview.informational : overview.listed).push_back(&listing);
        break;
      case ListingState::kNotListed: ++overview.not_listed; break;
      case ListingState::kNotChecked: overview.not_checked.push_back(&listing); break;
    }
  }
  return overview;
}

std::string listing_headline(const ScanResult& result) {
  const ListingOverview overview = overview_of(result.listings);
  if (!overview.listed.empty()) {
    std::set<std::string> ips;
    for (const Listing* listing : overview.listed) ips.insert(listing->ip);
    return fmt::format("Listed: {}, {}{}", fmt::join(ips, ", "),
                       counted(overview.listed.size(), "entry", "entries"),
                       not_checked_clause(overview));
  }
  if (overview.answered() > 0)
    return fmt::format("Not listed by the {} that answered{}",
                       counted(overview.answered(), "check"), not_checked_clause(overview));
  if (result.scan.is_offline) return "Blacklists not asked (offline)";
  if (result.scan.ips.empty()) return "Blacklists not asked: no public address of this host is known";
  return "No blacklist answered: whether the server is listed is unknown";
}

std::string severity_counts(const Summary& summary) {
  std::vector<std::string> parts;
  for (std::size_t i = kSeverityNames.size(); i-- > 0;)
    if (summary.by_severity[i] > 0)
      parts.push_back(fmt::format("{} {}", grouped(summary.by_severity[i]), kSeverityNames[i]));
  return parts.empty() ? "no findings" : joined(parts);
}

}  // namespace backscan::report

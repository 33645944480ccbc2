// Works on whole results in memory; 200,000 findings are its measure.
#include "report/merge.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>

#include "base/words.h"

namespace backscan::report {
namespace {

void add_counts(std::map<std::string, std::uint64_t>& sum,
                const std::map<std::string, std::uint64_t>& more) {
  for (const auto& [name, count] : more) sum[name] += count;
}

template <typename T>
void unite(std::vector<T>& all, const std::vector<T>& more) {
  all.insert(all.end(), more.begin(), more.end());
  std::ranges::sort(all);
  const auto rest = std::ranges::unique(all);
  all.erase(rest.begin(), rest.end());
}


/// Two findings of one file can share a fingerprint (the same line twice), so the key also counts
/// which of them it is within its own run.
std::string key_of(const Finding& finding, std::unordered_map<std::string, unsigned>& seen) {
  std::string key = finding.fingerprint.empty()
                        ? finding.rule + '\0' + std::to_string(finding.line)
                        : finding.fingerprint;
  key += '\0' + finding.path;
  const unsigned nth = seen[key]++;
  return key + '\0' + std::to_string(nth);
}

class Merger {
 public:
  void add(ScanResult&& part) {
    add_findings(part);
    for (Listing& listing : part.listings) add_listing(std::move(listing));
    std::ranges::move(part.audit, std::back_inserter(all_.audit));
    std::ranges::move(part.senders, std::back_inserter(all_.senders));
    unite(all_.errors, part.errors);
    add_summary(part);
    add_scan(part.scan);
    is_first_ = false;
  }
  ScanResult finish() {
    for (auto& [key, finding] : findings_) all_.findings.push_back(std::move(finding));
    sort_records(all_);
    recount(all_);
    return std::move(all_);
  }

 private:
  void add_findings(ScanResult& part) {
    std::unordered_map<std::string, unsigned> seen;
    for (Finding& finding : part.findings) {
      if (finding.hosts.empty() && !part.scan.host.empty()) finding.hosts = {part.scan.host};
      auto [it, is_new] = findings_.try_emplace(key_of(finding, seen));
      if (!is_new) unite(finding.hosts, it->second.hosts);
      // Parts come in the order of their start, so the later one speaks.
      it->second = std::move(finding);
    }
  }
  void add_listing(Listing&& listing) {
    const auto same = std::ranges::find_if(all_.listings, [&](const Listing& other) {
      return other.ip == listing.ip && other.zone == listing.zone;
    });
    if (same == all_.listings.end())
      all_.listings.push_back(std::move(listing));
    else if (listing.state != ListingState::kNotChecked)
      *same = std::move(listing);
  }
  void add_summary(const ScanResult& part) {
    const Summary& summary = part.summary;
    Counts& counts = all_.summary.counts;
    counts.files_seen += summary.counts.files_seen;
    counts.files_scanned += summary.counts.files_scanned;
    counts.files_partial += summary.counts.files_partial;
    counts.files_unchanged += summary.counts.files_unchanged;
    counts.directories += summary.counts.directories;
    counts.bytes_seen += summary.counts.bytes_seen;
    counts.bytes_scanned += summary.counts.bytes_scanned;
    add_counts(counts.skipped, summary.counts.skipped);
    add_counts(all_.summary.suppressed, summary.suppressed);
    // Hosts and shards run side by side; processor time adds up.
    all_.summary.wall_seconds = std::max(all_.summary.wall_seconds, summary.wall_seconds);
    all_.summary.cpu_seconds += summary.cpu_seconds;
    rules_versions_.insert(summary.rules_version);
    all_.summary.rules_version =
        joined({rules_versions_.begin(), rules_versions_.end()});
    all_.summary.is_complete = all_.summary.is_complete && summary.is_complete;
    add_words(part.scan.host, summary.incomplete_reasons, all_.summary.incomplete_reasons);
    add_words(part.scan.host, summary.advice, all_.summary.advice);
  }
  static void add_words(const std::string& host, const std::vector<std::string>& words,
                        std::vector<std::string>& target) {
    for (const std::string& word : words) {
      std::string line = host.empty() ? word : host + ": " + word;
      if (std::ranges::find(target, line) == target.end()) target.push_back(std::move(line));
    }
  }
  void add_scan(const ScanInfo& scan) {
    ScanInfo& all = all_.scan;
    hosts_.insert(scan.host);
    tools_.insert(scan.tool_version);
    all.host = joined({hosts_.begin(), hosts_.end()});
    all.tool_version = joined({tools_.begin(), tools_.end()});
    unite(all.roots, scan.roots);
    unite(all.ips, scan.ips);
    all.seen = std::max(all.seen, scan.seen);
    all.started = is_first_ ? scan.started : std::min(all.started, scan.started);
    all.rules = std::max(all.rules, scan.rules);
    all.is_offline = (is_first_ || all.is_offline) && scan.is_offline;
  }

  ScanResult all_;
  std::unordered_map<std::string, Finding> findings_;
  std::set<std::string> hosts_;
  std::set<std::string> tools_;
  std::set<std::string> rules_versions_;
  bool is_first_ = true;
};

}  // namespace

ScanResult merge(std::vector<ScanResult> results) {
  if (results.size() == 1) return std::move(results.front());
  std::ranges::stable_sort(results, {}, [](const ScanResult& r) { return r.scan.started; });
  Merger merger;
  for (ScanResult& result : results) merger.add(std::move(result));
  return merger.finish();
}

void recount(ScanResult& result) {
  result.summary.by_severity = {};
  result.summary.by_class.clear();
  for (const Finding& finding : result.findings) {
    ++result.summary.by_severity[static_cast<std::size_t>(finding.severity)];
    ++result.summary.by_class[finding.rule_class];
  }
}

void sort_records(ScanResult& result) {
  const auto key = [](const Finding& f) {
    return std::tie(f.path, f.line, f.column, f.rule, f.fingerprint);
  };
  std::ranges::sort(result.findings, {}, key);
  std::ranges::sort(result.listings, {},
                    [](const Listing& l) { return std::tie(l.ip, l.zone); });
  std::ranges::sort(result.errors);
}

}  // namespace backscan::report

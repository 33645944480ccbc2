// 200,000 findings from 100 hosts are its measure: each is moved, never copied.
#include "report/merge.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>

#include "base/words.h"
#include "report/merge_hosts.h"

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

/// A finding's identity in 128 bits: 200,000 keys as text would be a tenth of the memory.
struct Key {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const Key&) const = default;
};

struct KeyHash {
  std::size_t operator()(const Key& key) const { return key.low; }
};

Key hashed(const std::string& text) {
  // Whoever writes a stored result could make two keys collide and so hide a finding, if the hash
  // were one that can be worked out beforehand.
  static_assert(SHA256_DIGEST_LENGTH >= sizeof(Key));
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  ::SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  Key key;
  std::memcpy(&key.low, digest.data(), sizeof key.low);
  std::memcpy(&key.high, digest.data() + sizeof key.low, sizeof key.high);
  return key;
}

using KeyCounts = std::unordered_map<Key, unsigned, KeyHash>;

/// Two findings of one file can share a fingerprint (the same line twice), so the key also counts
/// which of them it is within its own run.
Key key_of(const Finding& finding, KeyCounts& seen) {
  std::string text = finding.fingerprint.empty()
                         ? finding.rule + '\0' + std::to_string(finding.line)
                         : finding.fingerprint;
  text += '\0' + finding.path;
  Key key = hashed(text);
  key.high += seen[key]++;
  return key;
}

/// What hosts say in the same words is said once, with their names.
class Sayings {
 public:
  void add(const std::string& host, const std::vector<std::string>& words) {
    for (const std::string& word : words) hosts_by_word_[word].insert(host);
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    constexpr std::size_t kHostsNamed = 3;
    std::vector<std::string> lines;
    for (const auto& [word, hosts] : hosts_by_word_) {
      std::vector<std::string> named(hosts.begin(), hosts.end());
      std::erase(named, "");
      const std::string who = joined_first(named, kHostsNamed);
      lines.push_back(who.empty() ? word : fmt::format("{}: {}", who, word));
    }
    std::ranges::sort(lines);
    return lines;
  }

 private:
  std::map<std::string, std::set<std::string>> hosts_by_word_;
};

}  // namespace

class Merger::Impl {
 public:
  void add(ScanResult&& part) {
    const Spoken spoken{part.scan.started, part.scan.host};
    add_findings(part, spoken);
    for (Listing& listing : part.listings) add_listing(std::move(listing), spoken);
    host_records_.add(part);
    std::ranges::move(part.errors, std::back_inserter(all_.errors));
    add_summary(part);
    add_scan(part.scan);
    is_first_ = false;
  }
  ScanResult finish() {
    index_ = {};
    spoken_ = {};
    host_records_.finish(all_);
    for (auto& [key, listing] : listings_) all_.listings.push_back(std::move(listing.record));
    sort_records(all_);
    const auto repeated = std::ranges::unique(all_.errors);
    all_.errors.erase(repeated.begin(), repeated.end());
    recount(all_);
    all_.summary.incomplete_reasons = incomplete_.lines();
    all_.summary.advice = advice_.lines();
    all_.summary.rules_version = joined({rules_versions_.begin(), rules_versions_.end()});
    all_.scan.host = joined({hosts_.begin(), hosts_.end()});
    all_.scan.tool_version = joined({tools_.begin(), tools_.end()});
    return std::move(all_);
  }

 private:
  /// Whose word counts: the later run's; of two at the same time, any, but always the same.
  struct Spoken {
    Time started;
    std::string host;
    auto operator<=>(const Spoken&) const = default;
  };
  template <typename T>
  struct Said {
    T record;
    Spoken by;
  };

  void add_findings(ScanResult& part, const Spoken& spoken) {
    KeyCounts seen;
    const auto run = static_cast<std::uint32_t>(runs_.size());
    runs_.push_back(spoken);
    for (Finding& finding : part.findings) {
      if (finding.hosts.empty() && !spoken.host.empty()) finding.hosts = {spoken.host};
      const auto [it, is_new] =
          index_.try_emplace(key_of(finding, seen), static_cast<std::uint32_t>(spoken_.size()));
      if (is_new) {
        all_.findings.push_back(std::move(finding));
        spoken_.push_back(run);
        continue;
      }
      Finding& known = all_.findings[it->second];
      unite(finding.hosts, known.hosts);
      if (spoken >= runs_[spoken_[it->second]]) {
        known = std::move(finding);
        spoken_[it->second] = run;
      } else {
        known.hosts = std::move(finding.hosts);
      }
    }
    part.findings = {};
  }
  void add_listing(Listing&& listing, const Spoken& spoken) {
    const auto is_asked = [](const Listing& l) { return l.state != ListingState::kNotChecked; };
    const auto [it, is_new] =
        listings_.try_emplace({listing.ip, listing.zone}, Said<Listing>{listing, spoken});
    Said<Listing>& known = it->second;
    const bool is_better = is_asked(listing) == is_asked(known.record) ? spoken >= known.by
                                                                       : is_asked(listing);
    if (!is_new && is_better) known = {std::move(listing), spoken};
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
    all_.summary.is_complete = all_.summary.is_complete && summary.is_complete;
    rules_versions_.insert(summary.rules_version);
    incomplete_.add(part.scan.host, summary.incomplete_reasons);
    advice_.add(part.scan.host, summary.advice);
  }
  void add_scan(const ScanInfo& scan) {
    ScanInfo& all = all_.scan;
    hosts_.insert(scan.host);
    tools_.insert(scan.tool_version);
    unite(all.roots, scan.roots);
    unite(all.ips, scan.ips);
    all.seen = std::max(all.seen, scan.seen);
    all.started = is_first_ ? scan.started : std::min(all.started, scan.started);
    all.rules = std::max(all.rules, scan.rules);
    all.is_offline = (is_first_ || all.is_offline) && scan.is_offline;
  }

  ScanResult all_;
  std::unordered_map<Key, std::uint32_t, KeyHash> index_;  // into all_.findings
  std::vector<std::uint32_t> spoken_;                      // which of runs_, for each of these
  std::vector<Spoken> runs_;
  HostRecords host_records_;
  std::map<std::pair<std::string, std::string>, Said<Listing>> listings_;
  std::set<std::string> hosts_;
  std::set<std::string> tools_;
  std::set<std::string> rules_versions_;
  Sayings incomplete_;
  Sayings advice_;
  bool is_first_ = true;
};

Merger::Merger() : impl_(std::make_unique<Impl>()) {}
Merger::~Merger() = default;

void Merger::add(ScanResult&& part) {
  if (++parts_ == 1) {
    only_ = std::move(part);
    return;
  }
  if (parts_ == 2) impl_->add(std::move(only_));
  impl_->add(std::move(part));
}

ScanResult Merger::finish() { return parts_ <= 1 ? std::move(only_) : impl_->finish(); }

void recount(ScanResult& result) {
  result.summary.by_severity = {};
  result.summary.by_class.clear();
  for (const Finding& finding : result.findings) {
    ++result.summary.by_severity[static_cast<std::size_t>(finding.severity)];
    ++result.summary.by_class[finding.rule_class];
  }
}

namespace {

/// Findings are large: their places are sorted, and each is then moved once.
void sort_findings(std::vector<Finding>& findings) {
  const auto key = [](const Finding& f) {
    return std::tie(f.path, f.line, f.column, f.rule, f.fingerprint);
  };
  if (std::ranges::is_sorted(findings, {}, key)) return;
  std::vector<std::uint32_t> order(findings.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](std::uint32_t at) { return key(findings[at]); });
  for (std::uint32_t start = 0; start < order.size(); ++start) {
    if (order[start] == start) continue;
    Finding first = std::move(findings[start]);
    std::uint32_t hole = start;
    for (std::uint32_t from = order[hole]; from != start; from = order[hole]) {
      findings[hole] = std::move(findings[from]);
      order[hole] = hole;
      hole = from;
    }
    findings[hole] = std::move(first);
    order[hole] = hole;
  }
}

}  // namespace

void sort_records(ScanResult& result) {
  sort_findings(result.findings);
  std::ranges::sort(result.listings, {},
                    [](const Listing& l) { return std::tie(l.ip, l.zone); });
  std::ranges::sort(result.errors);
}

}  // namespace backscan::report

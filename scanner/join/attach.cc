// One pass over findings to index them, one over senders to look them up.
#include "join/attach.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

namespace backscan::join {
namespace {

using Indexes = std::vector<std::size_t>;

struct FindingIndex {
  std::unordered_map<std::string, Indexes> by_path;
  std::unordered_map<std::string, Indexes> by_directory;
  std::unordered_map<std::uint32_t, Indexes> by_owner;  // only what can cause mail
};

bool causes_mail(const Finding& finding) {
  return std::ranges::any_of(finding.causes, [](Cause cause) { return cause != Cause::kNone; });
}

FindingIndex index_of(const ScanResult& result, const JoinOptions& options) {
  FindingIndex index;
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    const Finding& finding = result.findings[i];
    const std::string& path = host_path(finding.path, options);
    index.by_path[path].push_back(i);
    index.by_directory[std::string(directory_of(path))].push_back(i);
    // Root owns libraries and whole installations; that says nothing of who sends.
    if (finding.file.uid != 0 && causes_mail(finding)) index.by_owner[finding.file.uid].push_back(i);
  }
  return index;
}

std::size_t count_files(const ScanResult& result, const Indexes& indexes) {
  std::set<std::string_view> paths;
  for (const std::size_t i : indexes) paths.insert(result.findings[i].path);
  return paths.size();
}

template <typename Map, typename Key>
const Indexes* look_up(const Map& map, const Key& key) {
  const auto it = map.find(key);
  return it == map.end() ? nullptr : &it->second;
}

/// The findings that can be this sender, and what ties them.
std::pair<const Indexes*, Attribution> find(const Sender& sender, const FindingIndex& index) {
  if (sender.script)
    if (const Indexes* there = look_up(index.by_path, *sender.script))
      return {there, sender.attribution};
  // A script that no rule hit may be a library that another file of the same directory calls.
  if (sender.directory)
    if (const Indexes* there = look_up(index.by_directory, *sender.directory))
      return {there, Attribution::kDirectory};
  if (!sender.script && !sender.directory && sender.uid)
    if (const Indexes* there = look_up(index.by_owner, *sender.uid))
      return {there, Attribution::kUidAndOwner};
  return {nullptr, Attribution::kNone};
}

void add(const Evidence& more, Evidence& sum) {
  sum.messages += more.messages;
  sum.recipients += more.recipients;
  sum.null_sender += more.null_sender;
  if (more.first && (!sum.first || *more.first < *sum.first)) sum.first = more.first;
  if (more.last && (!sum.last || *more.last > *sum.last)) sum.last = more.last;
  if (more.since_listing)
    sum.since_listing = sum.since_listing.value_or(0) + *more.since_listing;
  sum.sources.insert(sum.sources.end(), more.sources.begin(), more.sources.end());
}

}  // namespace

const std::string& host_path(const std::string& path, const JoinOptions& options) {
  const auto it = options.host_paths.find(path);
  return it == options.host_paths.end() ? path : it->second;
}

std::string_view directory_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

SenderMatches match_senders(const ScanResult& result, const JoinOptions& options) {
  SenderMatches matches;
  matches.by_finding.resize(result.findings.size());
  if (result.senders.empty()) return matches;
  const FindingIndex index = index_of(result, options);
  for (const Sender& sender : result.senders) {
    const auto [there, how] = find(sender, index);
    if (there == nullptr) {
      matches.unmatched.push_back(&sender);
      continue;
    }
    const std::size_t files = count_files(result, *there);
    for (const std::size_t i : *there) matches.by_finding[i].push_back({&sender, how, files});
  }
  return matches;
}

void attach_evidence(const SenderMatches& matches, ScanResult& result) {
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    Evidence sum;
    bool is_one_of_several = false;
    for (const SenderMatch& match : matches.by_finding[i]) {
      is_one_of_several = is_one_of_several || match.files > 1;
      if (match.files > 1) continue;
      add(match.sender->evidence, sum);
      sum.sources.push_back(fmt::format("known by: {}", name_of(match.how)));
    }
    // Neither "it sent" nor "it did not send" is known of one of several.
    if (sum.messages == 0 && is_one_of_several) continue;
    std::ranges::sort(sum.sources);
    const auto repeated = std::ranges::unique(sum.sources);
    sum.sources.erase(repeated.begin(), repeated.end());
    result.findings[i].evidence = std::move(sum);
  }
}

}  // namespace backscan::join

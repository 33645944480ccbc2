// Goes by the groups that every report shows.
#include "report/split.h"

#include <algorithm>
#include <set>

#include "report/group.h"
#include "report/merge.h"

namespace backscan::report {
namespace {

/// Account names come from directories that hostile users may name.
std::string safe_name(std::string_view name) {
  std::string safe;
  for (const char c : name) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    safe += is_plain ? c : '_';
  }
  constexpr std::size_t kMaxBytes = 100;
  if (safe.size() > kMaxBytes) safe.resize(kMaxBytes);
  if (safe.empty() || safe.front() == '.') safe.insert(0, "_");
  return safe;
}

std::string unique_name(const std::string& wanted, std::set<std::string>& taken) {
  std::string name = wanted;
  for (unsigned i = 2; !taken.insert(name).second; ++i) name = wanted + "-" + std::to_string(i);
  return name;
}

bool is_below(const std::string& path, const std::vector<std::string>& roots) {
  return std::ranges::any_of(roots, [&](const std::string& root) {
    return path == root || path.starts_with(root.ends_with('/') ? root : root + "/");
  });
}

ScanResult part_of(const ScanResult& result, const Group& group) {
  ScanResult part;
  part.scan = result.scan;
  part.scan.roots = group.roots;
  part.listings = result.listings;
  for (const Finding* finding : group.findings) part.findings.push_back(*finding);
  for (const Sender& sender : result.senders)
    if (group.is_account && sender.account == group.name) part.senders.push_back(sender);
  for (const ErrorRecord& error : result.errors)
    if (is_below(error.path, group.roots)) part.errors.push_back(error);
  part.summary.rules_version = result.summary.rules_version;
  part.summary.is_complete = std::ranges::all_of(part.errors, &ErrorRecord::is_note);
  if (!part.summary.is_complete) part.summary.incomplete_reasons = {"some files were not scanned"};
  sort_records(part);
  recount(part);
  return part;
}

}  // namespace

std::vector<AccountPart> split_by_account(const ScanResult& result) {
  std::vector<AccountPart> parts;
  std::set<std::string> taken;
  for (const Group& group : group_findings(result))
    parts.push_back({group.name, unique_name(safe_name(group.name), taken), part_of(result, group)});
  return parts;
}

}  // namespace backscan::report

// The state is JSON, so that a person can read what was told.
#include "notice/changes.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

namespace backscan::notice {
namespace {

using Json = nlohmann::ordered_json;

std::string key_of(const Listing& listing) { return listing.ip + " " + listing.zone; }

void compare_findings(const Known& known, const ScanResult& result, Severity min_severity,
                      Changes& changes) {
  std::set<std::string> now;
  for (const Finding& finding : result.findings) {
    if (finding.severity < min_severity) continue;
    const bool is_first = now.insert(finding.fingerprint).second;
    if (is_first && !known.findings.contains(finding.fingerprint)) changes.found.push_back(&finding);
  }
  std::ranges::stable_sort(changes.found, [](const Finding* a, const Finding* b) {
    return std::tie(a->rank, a->severity) > std::tie(b->rank, b->severity);
  });
  for (const std::string& fingerprint : known.findings) {
    if (now.contains(fingerprint)) continue;
    if (result.summary.is_complete)
      ++changes.gone;
    else
      now.insert(fingerprint);
  }
  changes.known.findings = std::move(now);
}

void compare_listings(const Known& known, const ScanResult& result, Changes& changes) {
  std::map<std::string, const Listing*> answered;
  for (const Listing& listing : result.listings)
    if (!listing.is_informational && listing.state != ListingState::kNotChecked)
      answered[key_of(listing)] = &listing;
  for (const auto& [key, listing] : answered) {
    if (listing->state != ListingState::kListed) continue;
    changes.known.listings.insert(key);
    if (!known.listings.contains(key)) changes.listed.push_back(listing);
  }
  for (const std::string& key : known.listings) {
    if (!answered.contains(key))
      changes.known.listings.insert(key);
    else if (!changes.known.listings.contains(key))
      changes.delisted.push_back(key);
  }
}

}  // namespace

Result<Known> parse_known(std::string_view text, const std::string& name) {
  try {
    const Json json = Json::parse(text.begin(), text.end());
    if (json.at("schema_version") != 1)
      return std::unexpected(Error{name, "\"schema_version\" must be 1"});
    return Known{json.at("findings").get<std::set<std::string>>(),
                 json.at("listings").get<std::set<std::string>>()};
  } catch (const Json::exception&) {
    return std::unexpected(Error{name, "is damaged; remove it, and all is told anew"});
  }
}

std::string format_known(const Known& known) {
  const Json json = {
      {"schema_version", 1}, {"findings", known.findings}, {"listings", known.listings}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Changes changes_since(const Known& known, const ScanResult& result, Severity min_severity) {
  Changes changes;
  compare_findings(known, result, min_severity, changes);
  compare_listings(known, result, changes);
  return changes;
}

}  // namespace backscan::notice

// Which zones a run asks: the shipped list or the user's, additions, and what the shipped list
// knows about a zone that a user only names.
#include <algorithm>
#include <filesystem>
#include <map>

#include "dnsbl/zone.h"

namespace backscan::dnsbl {
namespace {

using ZonesByName = std::map<std::string, Zone>;

template <typename T>
void fill(T& field, const T& shipped) {
  if (field.empty()) field = shipped;
}

/// Fills what `zone` leaves open from the shipped entry of the same name.
void complete(Zone& zone, const Zone& shipped) {
  if (zone.name == zone.zone) zone.name = shipped.name;
  if (!zone.are_families_told) {
    zone.are_families_told = shipped.are_families_told;
    zone.ipv4 = shipped.ipv4;
    zone.ipv6 = shipped.ipv6;
  }
  if (zone.scope == ListingScope::kAddress) zone.scope = shipped.scope;
  zone.is_informational = zone.is_informational || shipped.is_informational;
  zone.needs_key = zone.needs_key || shipped.needs_key;
  fill(zone.codes, shipped.codes);
  fill(zone.causes, shipped.causes);
  fill(zone.lookup_url, shipped.lookup_url);
  fill(zone.delist_url, shipped.delist_url);
  fill(zone.policy, shipped.policy);
  fill(zone.delisting, shipped.delisting);
  fill(zone.evidence, shipped.evidence);
  if (zone.expires.empty() && !zone.expires_after) {
    zone.expires = shipped.expires;
    zone.expires_after = shipped.expires_after;
  }
}

void add_errors(std::vector<Error>& errors, const std::vector<Error>& more) {
  errors.insert(errors.end(), more.begin(), more.end());
}

/// The user's own files in a directory, by name; none where there is no such directory.
std::vector<std::string> yaml_files(const std::string& directory) {
  std::vector<std::string> files;
  if (directory.empty()) return files;
  std::error_code fault;
  for (std::filesystem::directory_iterator it(directory, fault), end; !fault && it != end;
       it.increment(fault))
    if (it->path().extension() == ".yaml") files.push_back(it->path().string());
  std::ranges::sort(files);
  return files;
}

}  // namespace

Loaded<Zone> choose_zones(const ZoneChoice& choice) {
  const std::string directory = choice.signatures_directory + "/dnsbl/";
  const auto dead = load_dead_zones(directory + "dead-zones.yaml");
  if (!dead) return std::unexpected(dead.error());
  const auto shipped_list = load_zones(directory + "zones.yaml", *dead);
  if (!shipped_list) return std::unexpected(shipped_list.error());
  ZonesByName shipped;
  for (const Zone& zone : *shipped_list) shipped.emplace(zone.zone, zone);

  ZonesByName chosen;
  std::vector<std::string> files = choice.add_files;
  if (choice.zones_file.empty()) {
    for (const auto& [name, zone] : shipped)
      if (choice.with_extended || zone.set == "core") chosen.emplace(name, zone);
    const auto site = yaml_files(choice.site_directory);
    files.insert(files.begin(), site.begin(), site.end());
  } else {
    files.insert(files.begin(), choice.zones_file);
  }
  std::vector<Error> errors;
  for (const std::string& file : files) {
    auto zones = load_zones(file, *dead);
    if (!zones) {
      add_errors(errors, zones.error());
      continue;
    }
    for (Zone& zone : *zones) {
      if (const auto known = shipped.find(zone.zone); known != shipped.end())
        complete(zone, known->second);
      chosen.insert_or_assign(zone.zone, std::move(zone));
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  std::vector<Zone> zones;
  for (auto& [name, zone] : chosen) zones.push_back(std::move(zone));
  return zones;
}

}  // namespace backscan::dnsbl

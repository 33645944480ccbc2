// What is known about a DNS blacklist, as data: the struct, and the loaders of signatures/dnsbl/.
// Apart from check.h because rules about zones (spelling, deny-list) need no resolver.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/listing.h"

namespace backscan::dnsbl {

struct Code {
  std::string answer;  // "127.0.0.2", or a prefix ending in '.' or a range "127.0.0.4-127.0.0.7"
  std::string meaning;
  bool is_listing = true;   // false: white or yellow codes that list nothing
  bool is_refusal = false;  // the operator's own "I do not answer you" (dnswl's 127.0.0.255)
};

/// One zone, as signatures/dnsbl/zones.yaml describes it.
struct Zone {
  std::string zone;  // lower case, no trailing dot
  std::string name;
  bool ipv4 = true;
  bool ipv6 = false;
  bool are_families_told = true;  // false: both are tried, and the test entries decide
  std::vector<Code> codes;        // the first that matches an answer explains it
  std::vector<Cause> causes;
  ListingScope scope = ListingScope::kAddress;
  bool is_informational = false;
  bool needs_key = false;
  std::string key;         // the subscriber's label, put before the zone; secret: never printed
  std::string lookup_url;  // {ip} stands for the address
  std::string delist_url;
  std::string policy;
  std::string delisting;  // how one gets off the list, in words
  std::string expires;    // in words
  std::optional<std::chrono::hours> expires_after;
  std::string set = "core";  // core or extended
  std::string evidence;      // "P 2026-11-24": how it is known (signatures/dnsbl/zones.yaml says)
};

/// A zone that must not be asked: shut down, wildcarded, lapsed, or fake.
struct DeadZone {
  std::string zone;
  bool with_subzones = false;
  std::string date;  // "2024-06-05", "2014-03" or "2013"; empty: not known
  std::string what;  // what happened
};

template <typename T>
using Loaded = std::expected<std::vector<T>, std::vector<Error>>;

/// Reads a `zones:` list; unknown keys, bad names, repeated zones and zones on the deny-list `dead`
/// (unless they say `allow_dead: true`) are errors with "file:line: reason". Only `zone` is
/// required; a zone without `families` is taken to list both, and its test entries decide.
[[nodiscard]] Loaded<Zone> load_zones(const std::string& file, std::span<const DeadZone> dead = {});

/// Reads a `dead_zones:` list.
[[nodiscard]] Loaded<DeadZone> load_dead_zones(const std::string& file);

/// Which zones a run asks.
struct ZoneChoice {
  std::string signatures_directory;    // holds dnsbl/zones.yaml and dnsbl/dead-zones.yaml
  std::string zones_file;              // --zones: instead of the shipped list
  std::vector<std::string> add_files;  // --add-zones
  std::string site_directory;          // *.yaml in it are added; it need not exist
  bool with_extended = false;          // --all-zones: the shipped extended set, too
};

inline constexpr const char* kSiteZonesDirectory = "/etc/backscan/zones.d";

/// The chosen zones, sorted by name. What a user's file does not say about a zone that backscan
/// ships is taken from there, so that a name, or a name and a key, are enough. The shipped
/// deny-list holds for every file.
[[nodiscard]] Loaded<Zone> choose_zones(const ZoneChoice& choice);

/// The entry of `dead` that forbids `zone`, or null.
[[nodiscard]] const DeadZone* find_dead(std::span<const DeadZone> dead, std::string_view zone);

/// Lower case without a trailing dot; an error where `text` is no DNS name of two labels or more
/// that leaves room for a reversed IPv6 address and a key (253 bytes in all, RFC 1035).
[[nodiscard]] Result<std::string> parse_zone_name(std::string_view text);

/// True if `pattern` (Code::answer) covers `answer`, a dotted IPv4 address.
[[nodiscard]] bool code_matches(std::string_view pattern, std::string_view answer);

/// True if `pattern` is well-formed: an address, a prefix or a rising range, inside 127.0.0.0/8.
[[nodiscard]] bool is_code_pattern(std::string_view pattern);

}  // namespace backscan::dnsbl

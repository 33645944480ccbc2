// One address on one DNS blacklist, as the `listing` record of CONTRACT.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/finding.h"
#include "model/severity.h"

namespace backscan {

enum class ListingScope : std::uint8_t { kAddress, kNetwork, kAsn };
enum class ListingState : std::uint8_t { kListed, kNotListed, kNotChecked };
/// Why a zone gave no answer that counts (RFC 5782 section 5 probes and operators' error codes).
enum class NotChecked : std::uint8_t {
  kNone, kWildcard, kParked, kRefused, kEmpty, kUnreachable, kNeedsKey
};

inline constexpr std::array<std::string_view, 3> kScopeNames = {"address", "network", "asn"};
inline constexpr std::array<std::string_view, 3> kListingStateNames = {"listed", "not_listed",
                                                                       "not_checked"};
inline constexpr std::array<std::string_view, 7> kNotCheckedNames = {
    "", "wildcard", "parked", "refused", "empty", "unreachable", "needs_key"};

[[nodiscard]] constexpr std::string_view name_of(ListingScope s) {
  return kScopeNames[static_cast<std::size_t>(s)];
}
[[nodiscard]] constexpr std::string_view name_of(ListingState s) {
  return kListingStateNames[static_cast<std::size_t>(s)];
}
[[nodiscard]] constexpr std::string_view name_of(NotChecked r) {
  return kNotCheckedNames[static_cast<std::size_t>(r)];
}

struct Listing {
  std::string ip;    // canonical text form
  std::string zone;  // "ips.backscatterer.org"
  std::string name;  // "Backscatterer"
  ListingScope scope = ListingScope::kAddress;
  ListingState state = ListingState::kNotChecked;
  NotChecked reason = NotChecked::kNone;
  std::vector<std::string> codes;    // A records, sorted: "127.0.0.2"
  std::vector<std::string> text;     // TXT records, raw bytes
  std::vector<std::string> meaning;  // one per code the zone's data explains
  std::vector<Cause> causes;         // what this list lists for
  bool is_informational = false;     // never changes an exit code (UCEPROTECT L2/L3, whitelists)
  std::optional<std::chrono::seconds> ttl;
  /// How long after the last abuse the entry ends, where the operator says so.
  std::optional<std::chrono::hours> expires_after;
  std::string expires_estimate;  // in words: "four weeks after the last bounce, auto-reply or callout"
  std::string lookup_url;
  std::string delist_url;
  std::string policy;
  bool operator==(const Listing&) const = default;
};

}  // namespace backscan

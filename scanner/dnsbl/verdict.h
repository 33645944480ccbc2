// What answers mean: one answer of a zone, and the pair of answers to its test entries (RFC 5782
// section 5). Pure judgement, apart from the asking.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dnsbl/resolver.h"
#include "dnsbl/zone.h"
#include "model/listing.h"

namespace backscan::dnsbl {

enum class AnswerKind : std::uint8_t {
  kCodes,       // at least one code in 127.0.0.0/8, none of them an error
  kNothing,     // not listed
  kForeign,     // addresses, all outside 127.0.0.0/8: a parked domain or a rewriting resolver
  kRefused,     // 127.255.255.x, the zone's own code for it, or REFUSED
  kUnanswered,  // no usable answer
};

[[nodiscard]] AnswerKind judge(const Reply& reply, const Zone& zone);

/// Why a zone must not be believed, from its two test entries; kNone: it works.
[[nodiscard]] NotChecked judge_zone(AnswerKind listed_entry, AnswerKind unlisted_entry);

/// Fills state, reason, codes, meaning and ttl from a zone's answer about an address.
void fill_listing(const Reply& reply, const Zone& zone, Listing& listing);

}  // namespace backscan::dnsbl

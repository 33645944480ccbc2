// The tables of RFC 5782 and of operators' error codes, as code.
#include "dnsbl/verdict.h"

#include <algorithm>
#include <ranges>

#include "base/ip_address.h"

namespace backscan::dnsbl {
namespace {

bool is_loopback_net(std::uint32_t ipv4) {
  return ipv4 >> 24 == 127;
}

// Spamhaus' convention of 2019, since followed by others: 127.255.255.0/24 never lists anything.
bool is_error_net(std::uint32_t ipv4) {
  return ipv4 >> 8 == 0x7fffff;
}

std::string text_of(std::uint32_t ipv4) {
  IpAddress address;
  for (std::size_t i = 0; i < 4; ++i)
    address.bytes[i] = static_cast<std::uint8_t>(ipv4 >> (24 - 8 * i));
  return address.text();
}

const Code* find_code(const Zone& zone, const std::string& answer) {
  const auto it = std::ranges::find_if(
      zone.codes, [&](const Code& code) { return code_matches(code.answer, answer); });
  return it == zone.codes.end() ? nullptr : &*it;
}

bool is_refusal(std::uint32_t ipv4, const Zone& zone) {
  if (is_error_net(ipv4)) return true;
  const Code* const code = find_code(zone, text_of(ipv4));
  return code != nullptr && code->is_refusal;
}

NotChecked reason_of(AnswerKind kind) {
  switch (kind) {
    case AnswerKind::kForeign:
      return NotChecked::kParked;
    case AnswerKind::kRefused:
      return NotChecked::kRefused;
    case AnswerKind::kUnanswered:
      return NotChecked::kUnreachable;
    case AnswerKind::kCodes:
    case AnswerKind::kNothing:
      break;
  }
  return NotChecked::kNone;
}

/// The answer's codes in rising order, each once.
std::vector<std::uint32_t> codes_of(const Reply& reply) {
  std::vector<std::uint32_t> codes;
  for (const ARecord& record : reply.addresses)
    if (is_loopback_net(record.ipv4)) codes.push_back(record.ipv4);
  std::ranges::sort(codes);
  codes.erase(std::ranges::unique(codes).begin(), codes.end());
  return codes;
}

}  // namespace

AnswerKind judge(const Reply& reply, const Zone& zone) {
  switch (reply.status) {
    case ReplyStatus::kRecords:
      break;
    case ReplyStatus::kNothing:
      return AnswerKind::kNothing;
    case ReplyStatus::kRefused:
      return AnswerKind::kRefused;
    case ReplyStatus::kFailed:
    case ReplyStatus::kSilent:
    case ReplyStatus::kNoServer:
      return AnswerKind::kUnanswered;
  }
  if (reply.addresses.empty()) return AnswerKind::kNothing;
  const auto refuses = [&](const ARecord& record) { return is_refusal(record.ipv4, zone); };
  if (std::ranges::any_of(reply.addresses, refuses)) return AnswerKind::kRefused;
  const auto lists = [](const ARecord& record) { return is_loopback_net(record.ipv4); };
  return std::ranges::any_of(reply.addresses, lists) ? AnswerKind::kCodes : AnswerKind::kForeign;
}

NotChecked judge_zone(AnswerKind listed_entry, AnswerKind unlisted_entry) {
  const auto either = [&](AnswerKind kind) {
    return listed_entry == kind || unlisted_entry == kind;
  };
  if (either(AnswerKind::kRefused)) return NotChecked::kRefused;
  if (either(AnswerKind::kForeign)) return NotChecked::kParked;
  // No list may list 127.0.0.1: one that does lists the world.
  if (unlisted_entry == AnswerKind::kCodes) return NotChecked::kWildcard;
  if (either(AnswerKind::kUnanswered)) return NotChecked::kUnreachable;
  return listed_entry == AnswerKind::kCodes ? NotChecked::kNone : NotChecked::kEmpty;
}

void fill_listing(const Reply& reply, const Zone& zone, Listing& listing) {
  const AnswerKind kind = judge(reply, zone);
  listing.reason = reason_of(kind);
  listing.state =
      listing.reason == NotChecked::kNone ? ListingState::kNotListed : ListingState::kNotChecked;
  if (kind != AnswerKind::kCodes) return;
  for (const std::uint32_t code : codes_of(reply)) {
    listing.codes.push_back(text_of(code));
    const Code* const known = find_code(zone, listing.codes.back());
    if (known != nullptr) listing.meaning.push_back(known->meaning);
    if (known == nullptr || known->is_listing) listing.state = ListingState::kListed;
  }
  listing.ttl = std::ranges::min(reply.addresses, {}, &ARecord::ttl).ttl;
}

}  // namespace backscan::dnsbl

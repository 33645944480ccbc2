// What the logs show of the mail server itself: null-sender mail by kind and reason, callouts, and
// the lists by whose name others refuse us. Beside the senders, the second half of the evidence.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"

namespace backscan {

/// Why a null-sender message was made; what has to be changed differs by it.
enum class BackscatterReason : std::uint8_t {
  kUnknownUser,   // accepted at RCPT, no such user later
  kQuota,         // mailbox full
  kFilter,        // content filter that bounces
  kRemoteRefused, // forwarded mail that the next host refused
  kVacation,      // auto-reply
  kDelayed,       // delay warning
  kCallout,       // address probe
  kOther,
};
inline constexpr std::array<std::string_view, 8> kBackscatterReasonNames = {
    "unknown-user", "quota", "filter", "remote-refused", "vacation", "delayed", "callout", "other"};
[[nodiscard]] constexpr std::string_view name_of(BackscatterReason r) {
  return kBackscatterReasonNames[static_cast<std::size_t>(r)];
}

/// Null-sender mail that this host made for mail from outside and sent outside: backscatter.
struct BackscatterCluster {
  BackscatterReason reason = BackscatterReason::kOther;
  std::uint64_t messages = 0;
  Time first{};
  Time last{};
  std::string sample_id;         // of the null-sender message
  std::string sample_parent;     // of the message that it answers
  std::string sample_recipient;  // unmasked: outputs mask
  std::string sample_words;      // the log's own reason
};

/// Other servers' refusals that name a DNS blacklist.
struct RefusalByList {
  std::string list;
  std::uint64_t count = 0;
  Time first{};
  Time last{};
  std::string sample;
};

struct MailActivity {
  std::vector<std::string> files;  // logs and queues that were read
  std::uint64_t lines = 0;
  std::uint64_t unknown_lines = 0;
  std::uint64_t messages = 0;
  std::uint64_t bounces_to_local_senders = 0;  // normal: they answer our own users
  std::uint64_t null_sender_out = 0;  // null-sender messages that left for other hosts, and callouts
  std::optional<Time> last_null_sender;  // of these
  std::optional<Time> first;
  std::optional<Time> last;
  std::vector<BackscatterCluster> backscatter;  // most messages first
  std::vector<RefusalByList> refusals;          // most first
};

}  // namespace backscan

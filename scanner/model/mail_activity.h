// What the logs show of the mail server itself: null-sender mail by kind and reason, callouts, and
// the lists by whose name others refuse us. Beside the senders, the second half of the evidence.
#pragma once

#include <array>
#include <chrono>
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
  std::string host;              // of a merged result: who answered
};

/// Other servers' refusals that name a DNS blacklist.
struct RefusalByList {
  std::string list;
  std::uint64_t count = 0;
  Time first{};
  Time last{};
  std::string sample;
  std::string host;  // of a merged result: who was refused
};

/// What left in one step of time.
struct MailVolume {
  Time start{};
  std::uint64_t submitted = 0;    // by scripts, accounts and users of this host
  std::uint64_t null_sender = 0;  // made here for other hosts
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
  std::chrono::seconds volume_step{0};          // of `volume`: an hour, a day or a week
  std::vector<MailVolume> volume;               // every step from the first to the last message
};

}  // namespace backscan

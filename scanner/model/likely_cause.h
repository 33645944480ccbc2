// One explanation of what the server is listed for, with its proof: what join/ concludes, as data, so
// that a program can read the conclusion as well as a person can.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"

namespace backscan {

enum class CauseKind : std::uint8_t {
  kScript,      // a file that a rule or the evidence points at
  kSender,      // an account, directory or file that sends and that was not scanned or is gone
  kMailServer,  // the MTA answers strangers: bounces, auto-replies, callouts
  kSetting,     // a setting that can cause it; no log shows that it does
  kElsewhere,   // nothing on this host
};
inline constexpr std::array<std::string_view, 5> kCauseKindNames = {
    "script", "sender", "mail-server", "setting", "elsewhere"};
[[nodiscard]] constexpr std::string_view name_of(CauseKind kind) {
  return kCauseKindNames[static_cast<std::size_t>(kind)];
}

struct LikelyCause {
  CauseKind kind = CauseKind::kScript;
  std::string subject;  // a path, an account, a BackscatterReason's name, a setting; raw bytes
  std::string account;  // empty: unknown
  std::string host;     // of a merged result: whose cause it is
  std::vector<Cause> causes;
  int rank = 0;  // 0 to 100, as a finding's
  std::optional<Evidence> evidence;  // what the logs show of it
  std::string proof;                 // in a sentence
  std::string remedy;                // what to do first
};

}  // namespace backscan

// Who sent mail, as logs and queues show it: the `sender` record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/finding.h"

namespace backscan {

/// How a sender was tied to a script; in falling order of trust (DESIGN.md, "Join and rank").
enum class Attribution : std::uint8_t {
  kPhpHeaderPath, kPhpMailLog, kCwdAndScript, kUidAndOwner, kUidOnly, kNone
};

struct Sender {
  std::optional<std::string> script;     // absolute path, raw bytes
  std::optional<std::string> directory;  // where only the directory is known (Exim cwd=)
  std::optional<std::string> account;
  std::optional<std::uint32_t> uid;
  Attribution attribution = Attribution::kNone;
  Evidence evidence;
  std::uint64_t bounces_caused = 0;
  std::vector<std::string> forged_senders;
  std::vector<std::string> sample_subjects;  // masked
};

}  // namespace backscan

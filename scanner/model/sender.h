// Who sent mail, as logs and queues show it: the `sender` record.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"

namespace backscan {

/// How a sender was tied to a script; in falling order of trust (DESIGN.md, "Join and rank").
enum class Attribution : std::uint8_t {
  kPhpHeaderPath, kPhpMailLog, kCwdAndScript, kDirectory, kUidAndOwner, kUidOnly, kNone
};

inline constexpr std::array<std::string_view, 7> kAttributionNames = {
    "php-header-path", "php-mail-log", "cwd-and-script", "cwd", "uid-and-owner", "uid-only", "none"};
[[nodiscard]] constexpr std::string_view name_of(Attribution a) {
  return kAttributionNames[static_cast<std::size_t>(a)];
}

struct Sender {
  std::optional<std::string> script;     // absolute path, raw bytes
  std::optional<std::string> directory;  // where only the directory is known (Exim cwd=)
  std::optional<std::string> account;
  std::optional<std::uint32_t> uid;
  Attribution attribution = Attribution::kNone;
  Evidence evidence;
  std::uint64_t bounces_caused = 0;
  bool is_eval = false;  // PHP says that the code that sent was made at run time
  std::vector<std::string> forged_senders;
  std::vector<std::string> sample_subjects;  // masked
  std::string host;                          // of a merged result: where it sends
};

}  // namespace backscan

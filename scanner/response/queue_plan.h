// Commands that would take a script's messages out of the mail queues. Only ever printed: mail belongs
// to people, and one id too many cannot be undone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mail/message.h"

namespace backscan::response {

/// A file that findings or a person confirmed as a sender of spam.
struct ConfirmedScript {
  std::string path;
  std::uint32_t uid = 0;  // its owner
};

struct QueuePlan {
  std::vector<std::string> commands;  // exim -Mrm ID…, postsuper -d ID…: tied by the full path
  std::vector<std::string> uncertain; // the same, tied by owner and file name only: look first
  std::size_t messages = 0;           // in both
};

/// Exim's and Postfix' queues; ids that are not of their forms are passed over.
[[nodiscard]] QueuePlan plan_queue_removal(const mail::MessageStore& store,
                                           const std::vector<ConfirmedScript>& scripts);

}  // namespace backscan::response

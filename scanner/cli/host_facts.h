// What this host, or the copy of one below --root, knows of the names in its logs: whose a file is,
// and which uid a user has.
#pragma once

#include <string>

#include "mail/evidence.h"

namespace backscan::cli {

/// Answers are remembered: a log names the same script many times. Not for use by several threads.
[[nodiscard]] mail::HostFacts host_facts(const std::string& root);

}  // namespace backscan::cli

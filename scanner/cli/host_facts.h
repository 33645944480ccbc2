// What this host, or the copy of one below --root, knows of the names in its logs: whose a file is,
// and which uid a user has.
#pragma once

#include <string>

#include "mail/evidence.h"

namespace backscan::cli {

/// Answers are remembered: a log names the same script many times. Not for use by several threads.
[[nodiscard]] mail::HostFacts host_facts(const std::string& root);

/// Relative paths of logs and queues as the command line names them: from the working directory, unless
/// the host is a copy below `input.root`.
void name_from_here(mail::EvidenceInput& input);

}  // namespace backscan::cli

// What the logs see sending and no rule explains. The evidence beats the rules: such a file is a
// finding of its own, made here because no rule over content can make it.
#pragma once

#include "join/attach.h"

namespace backscan::join {

inline constexpr std::string_view kUnexplainedSender = "evidence/unexplained-sender";

/// True for a sender whose mail is more than a form or a login reminder makes.
[[nodiscard]] bool has_volume(const Sender& sender);

/// Adds a finding for every unmatched sender with volume inside a scanned root. Invalidates pointers
/// to findings.
void add_unexplained_senders(const SenderMatches& matches, const JoinOptions& options,
                             ScanResult& result);

}  // namespace backscan::join

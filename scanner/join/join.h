// Where findings, senders and listings meet: evidence, rank and the words for what to do first.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "model/scan_result.h"

namespace backscan::join {

struct JoinOptions {
  std::optional<Time> seen;  // a listing's timestamp, as the list's page shows it
  Time now{};
  std::string relayhost = {};  // another server sends for this one; empty: none
  std::vector<std::string> own_addresses = {};  // that this host sends from; empty: not known
  /// Findings' paths and scanned roots as the host's logs spell them: symlinks resolved, without the
  /// directory of a copied host. Those that are missing are spelled as they are.
  std::map<std::string, std::string> host_paths = {};
  /// Scripts and directories that senders name and that are there, by their path on the host.
  std::map<std::string, FileInfo> sender_files = {};
};

/// Before findings are accepted or ignored: fills `evidence` from the senders, and adds a finding
/// `evidence/unexplained-sender` for what sends with volume, lies in a scanned root and has none.
/// Without `result.mail` no log was looked at, and nothing changes.
void add_evidence(ScanResult& result, const JoinOptions& options);

/// Fills `rank` and `rank_reasons` of every finding, `summary.causes` and `summary.advice`.
void join(ScanResult& result, const JoinOptions& options);

}  // namespace backscan::join

// Which senders can be which findings: by the script, else by its directory, else by its owner, in
// the falling order of trust of DESIGN.md. Apart from ranks because evidence is a fact of its own.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "join/join.h"

namespace backscan::join {

struct SenderMatch {
  const Sender* sender = nullptr;
  Attribution how = Attribution::kNone;  // what ties the file to the sender
  std::size_t files = 1;  // that can be meant; with more than one, none is proved to be
};

/// Points into the result that it was made from.
struct SenderMatches {
  std::vector<std::vector<SenderMatch>> by_finding;  // by index of the finding
  std::vector<const Sender*> unmatched;              // in the order of `senders`
};

[[nodiscard]] SenderMatches match_senders(const ScanResult& result, const JoinOptions& options);

/// Sets `evidence` of every finding: the sum of the senders that are proved to be it; nothing where it
/// is one of several files.
void attach_evidence(const SenderMatches& matches, ScanResult& result);

/// `path` as the host's logs spell it.
[[nodiscard]] const std::string& host_path(const std::string& path, const JoinOptions& options);

/// "/a/b" of "/a/b/c.php".
[[nodiscard]] std::string_view directory_of(std::string_view path);

}  // namespace backscan::join

// One result an account, for a hosting company to hand on: nothing in a part speaks of anyone else.
#pragma once

#include <string>
#include <vector>

#include "model/scan_result.h"

namespace backscan::report {

struct AccountPart {
  std::string name;       // the account, or the root where none is known; raw bytes
  std::string file_name;  // of [A-Za-z0-9._-] only, never hidden, unique among the parts
  ScanResult result;
};

/// Findings, senders, roots and errors of each account, with the host's listings. Left out is what
/// is about the host as a whole: advice, settings, counts of files.
[[nodiscard]] std::vector<AccountPart> split_by_account(const ScanResult& result);

}  // namespace backscan::report

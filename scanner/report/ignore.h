// Findings that a user has reasons not to hear of: a YAML file that people write by hand.
//   ignore:
//     - fingerprint: 0011223344556677
//       reason: Our own newsletter, behind a login
//     - rule: open-relay/*
//       path: "webmail/**"        # below the root; with a leading / the absolute path
//       reason: Vendor's webmail
//       expires: 2027-06-30
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/scan_result.h"
#include "walk/glob.h"

namespace backscan::report {

struct IgnoreRule {
  std::string fingerprint;  // empty: any
  std::string rule;         // a glob on rule ids, or a class; empty: any
  std::optional<walk::Glob> path;
  bool is_absolute = false;  // `path` is matched from / on, not from the root
  std::string reason;
  std::optional<Time> expires;
  std::string origin;  // "ignore.yaml:3"
};

/// Every entry needs a `reason` and a `fingerprint`, `rule` or `path`. Unknown keys, bad globs and
/// bad dates are errors "file:line: reason".
[[nodiscard]] Result<std::vector<IgnoreRule>> load_ignore_file(const std::string& file);

/// Takes ignored findings out of `result`, counted under `summary.suppressed["ignore"]`. An entry
/// past its date ignores nothing and is told as a note.
void apply_ignore_rules(const std::vector<IgnoreRule>& rules, Time now, ScanResult& result);

}  // namespace backscan::report

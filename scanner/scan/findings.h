// From matches to findings, in two steps: what the contents decide, which copies of a file share,
// and what the path decides.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "rules/rule_set.h"
#include "scan/file_scan.h"
#include "walk/walk.h"

namespace backscan::scan {

/// Findings without path, root, file and final fingerprint, those of view `path` also without an
/// excerpt; ordered by (line, column, rule), none
/// twice.
[[nodiscard]] std::vector<Finding> findings_of(const FileVerdict& verdict, const FileInput& input,
                                               const rules::RuleSet& rules, bool show_addresses);

/// Gives the findings of one file their place.
///
/// The fingerprint is the first 128 bits of a SHA-256, in hex, over the rule's id, the path below
/// the root and the matched text (of the view that matched; white space runs as one space, ASCII
/// letters in lower case, at most 1 KiB; nothing for a match of the file as a whole), each ended by
/// a NUL; where one file has several of the same, also over the ordinal of the later ones. So it
/// survives other machines, other roots' places, moved lines and changed letter case or spacing.
void place_findings(std::vector<Finding>& findings, const walk::FileEntry& entry,
                    const FileInfo& file);

/// `message` with {sink}, {source} and {match} filled in; values are escaped.
[[nodiscard]] std::string fill_message(std::string_view message, const rules::Match& match,
                                       bool show_addresses);

}  // namespace backscan::scan

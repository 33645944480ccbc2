// Findings as people act on them: one group an account (or a root, where no account is known), the
// likeliest cause first. Shared by the formats for people.
#pragma once

#include <string>
#include <vector>

#include "model/scan_result.h"

namespace backscan::report {

struct Group {
  bool is_account = false;           // else `name` is a root
  std::string name;                  // raw bytes
  std::vector<std::string> domains;  // sorted, unique
  std::vector<std::string> roots;    // sorted, unique
  std::vector<const Finding*> findings;  // the likeliest first

  [[nodiscard]] int top_rank() const { return findings.empty() ? 0 : findings.front()->rank; }
};

/// Groups by falling top rank, then by name. Pointers into `result`.
[[nodiscard]] std::vector<Group> group_findings(const ScanResult& result);

/// The findings of one file, never none, in their order in the group; files by their first finding.
using FileFindings = std::vector<const Finding*>;
[[nodiscard]] std::vector<FileFindings> files_of(const Group& group);

/// What a person has to read of one file.
struct FileDigest {
  FileFindings full;                  // the likeliest; of weaknesses also those with another remedy
  std::vector<FileFindings> further;  // the rest, by rule
};
/// All in full if `is_verbose`.
[[nodiscard]] FileDigest digest_of(const FileFindings& findings, bool is_verbose);

/// "line 3", "lines 3, 5, 6, 7, 9 and 2 more"; empty where all are about the file as a whole.
[[nodiscard]] std::string lines_text(const FileFindings& findings);

/// "3 findings", "3 findings in 2 files".
[[nodiscard]] std::string findings_text(const Group& group, std::size_t files);

/// What the lists said in all, for headlines and summaries.
struct ListingOverview {
  std::vector<const Listing*> listed;         // those that count
  std::vector<const Listing*> informational;  // listed, for information only
  std::vector<const Listing*> not_checked;
  std::size_t not_listed = 0;

  [[nodiscard]] std::size_t answered() const {
    return listed.size() + informational.size() + not_listed;
  }
};
[[nodiscard]] ListingOverview overview_of(const std::vector<Listing>& listings);

/// One line of truth about the lists; never says "not listed" where no list was asked.
[[nodiscard]] std::string listing_headline(const ScanResult& result);

/// "1 critical, 3 high", or "no findings".
[[nodiscard]] std::string severity_counts(const Summary& summary);

}  // namespace backscan::report

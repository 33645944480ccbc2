// From findings to files to act on: each file once, with the findings that say why.
#pragma once

#include <string>
#include <vector>

#include "model/scan_result.h"

namespace backscan::response {

struct Choice {
  Severity min_severity = Severity::kHigh;
  Confidence min_confidence = Confidence::kMedium;
  std::vector<std::string> rules;     // ids, classes or globs; empty: any
  std::vector<std::string> accounts;  // empty: any
  std::vector<std::string> paths;     // absolute paths or globs of them; empty: any
};

struct Candidate {
  std::string root;
  std::string path;
  std::string sha256;                    // empty: the scan did not read the file whole
  std::vector<const Finding*> findings;  // the likeliest cause first; pointers into the result
};

/// By path. Files of merged results that other hosts were scanned for are left out: `host` is this
/// one's name; empty: none is left out.
[[nodiscard]] std::vector<Candidate> choose(const ScanResult& result, const Choice& choice,
                                            const std::string& host);

}  // namespace backscan::response

// What `quarantine` and `clean` have in common: which files of which results, whether in earnest, and
// how outcomes are told.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "model/scan_result.h"
#include "response/choose.h"
#include "response/store.h"

namespace backscan::cli {

inline constexpr const char* kQuarantineDirectory = "/var/lib/backscan/quarantine";

struct ResponseFlags {
  std::vector<std::string> results;
  std::vector<std::string> files;  // --file: without a finding
  response::Choice choice;
  std::string directory = kQuarantineDirectory;
  bool apply = false;
};

/// `flags` must live as long as `app`.
void add_response_flags(CLI::App& app, ResponseFlags& flags);
void add_store_flags(CLI::App& app, std::string& directory, bool& apply);

/// The files to act on, and the results that their findings lie in.
struct Chosen {
  ScanResult result;
  std::vector<response::Candidate> candidates;
};
[[nodiscard]] Result<Chosen> choose_files(const ResponseFlags& flags, const Context& context);

/// The store with everything half-done settled and told; without --apply only looked at.
[[nodiscard]] Result<response::Store> open_store(const std::string& directory, bool apply,
                                                 const Context& context);

/// An error where the store lies below `root`: what is taken away would be served again.
[[nodiscard]] Result<void> require_store_outside(const std::string& directory,
                                                 const std::string& root);

/// One file's plan: a headline, reasons, and the shell's way, each on its line; with -q only the last.
struct Plan {
  std::string headline;
  std::vector<std::string> reasons;
  std::vector<std::string> commands;
};
void tell_plan(const Plan& plan, const Context& context);

/// "because mailer/made (high) at line 3: Title".
[[nodiscard]] std::vector<std::string> reasons_of(const response::Candidate& candidate);

/// The JSON record of the finding that speaks most for acting, or empty.
[[nodiscard]] std::string finding_record_of(const response::Candidate& candidate);

}  // namespace backscan::cli

// One thread's share of a scan: from a file entry to findings, with everything that is reused between
// files. Single-threaded; what threads share is in Shared.
#pragma once

#include <atomic>
#include <span>
#include <string>
#include <string_view>

#include "rules/rule_set.h"
#include "scan/file_reader.h"
#include "scan/file_scan.h"
#include "scan/installations.h"
#include "scan/large_files.h"
#include "scan/memo.h"
#include "scan/neighbours.h"
#include "scan/place.h"
#include "scan/scan.h"
#include "scan/tally.h"
#include "scan/users.h"
#include "state/file_cache.h"
#include "walk/walk.h"

namespace backscan::scan {

/// What all workers of a scan look at.
struct Shared {
  const ScanOptions& options;
  const rules::RuleSet& rules;
  std::span<const uid_t> web_server_uids;
  Memo* memo;                     // null: none
  state::FileCache* clean_files;  // of earlier scans; null: none
  Installations* installations;   // null: no manifests
  LargeFiles& large_files;
  Progress& progress;
};

class Worker {
 public:
  explicit Worker(const Shared& shared);

  /// Scans one file; whatever goes wrong becomes an error record.
  void look_at(const walk::FileEntry& entry);
  /// Judges a symlink that is not followed, by where it leads.
  void look_at_symlink(const walk::FileEntry& entry);
  [[nodiscard]] Tally& tally() { return tally_; }

 private:
  void scan_file(const walk::FileEntry& entry);
  /// Worth reading whole: its hash may be known.
  [[nodiscard]] bool is_size_listed(const struct stat& status) const;
  void scan_content(const walk::FileEntry& entry, NameKind kind, const Content& content);
  /// Whether the file equals the vendor's; what is to be said of one that lies among the vendor's and
  /// is none of them is added to `input`.
  [[nodiscard]] bool is_original(NameKind kind, bool has_php, bool is_whole, FileInput& input) const;
  void judge(const walk::FileEntry& entry, FileInput& input, bool is_whole);
  /// A file that was read in part, and that has findings, is read whole for the vendor's digest.
  [[nodiscard]] bool is_original_on_second_look(bool is_whole);
  /// For the scans to come; a file that was not judged in full is none.
  void remember_clean();
  /// `whole`: all bytes of the file, or nothing where they were not read.
  void keep_findings(const walk::FileEntry& entry, const struct stat& status,
                     std::string_view whole, std::vector<Finding> findings);
  void fail(const walk::FileEntry& entry, int error_number);

  const Shared& shared_;
  FileReader reader_;
  FileScanner scanner_;
  PlaceLooker places_;
  NeighbourLooker neighbours_;
  InstallationLooker installations_;
  const bool looks_at_neighbours_;
  InstallationLooker::Place known_place_;  // of the file in hand
  UserNames users_;
  Tally tally_;
  std::string relative_path_;
  std::string circumstances_;
  state::FileIdentity identity_;
};

}  // namespace backscan::scan

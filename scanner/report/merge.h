// Several results as one: the shards of one store, or the hosts of one company.
#pragma once

#include <memory>
#include <vector>

#include "model/scan_result.h"

namespace backscan::report {

/// Takes results one by one, in any order, so that only what is left of them stays in memory.
/// Duplicates are told by fingerprint and path; the later run's record stays, with every host it was
/// seen on. Counts are summed, and the whole is complete only if each part is. One result alone
/// comes back as it was.
class Merger {
 public:
  Merger();
  Merger(const Merger&) = delete;
  Merger& operator=(const Merger&) = delete;
  ~Merger();

  void add(ScanResult&& part);
  [[nodiscard]] ScanResult finish();

 private:
  class Impl;
  ScanResult only_;
  std::size_t parts_ = 0;
  std::unique_ptr<Impl> impl_;
};

/// Sets the summary's counts of findings from the findings themselves; needed after any are left
/// out or added.
void recount(ScanResult& result);

/// Findings by (path, line, column, rule), listings by (ip, zone), errors by themselves.
void sort_records(ScanResult& result);

}  // namespace backscan::report

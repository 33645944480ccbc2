// What one thread has counted, found and could not do; reduced to one at the end.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/scan_result.h"

namespace backscan::scan {

class Tally {
 public:
  Counts counts;
  std::vector<Finding> findings;

  void add_error(ErrorRecord error);
  /// Takes all of `other`.
  void merge(Tally&& other);
  /// Writes everything to `result`, in an order that does not depend on threads; a tree with
  /// millions of unreadable files gets the first kMaxErrors records and the number of the others.
  void report(ScanResult& result) &&;

  static constexpr std::size_t kMaxErrors = 10'000;

 private:
  void drop_last_errors(std::size_t keep);

  std::vector<ErrorRecord> errors_;
  std::uint64_t errors_added_ = 0;
  std::array<std::uint64_t, kStageNames.size()> failures_{};  // errors but notes, by stage
};

}  // namespace backscan::scan

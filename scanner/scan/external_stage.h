// The stage of rules that are not backscan's own kind (external/): over the bytes of a file and what its
// packed layers hold.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "external/external_rules.h"
#include "external/yara_scanner.h"
#include "model/fact.h"
#include "scan/scan.h"

namespace backscan::scan {

struct FileInput;
struct FileVerdict;

class ExternalStage {
 public:
  /// Nothing happens where `options.external` is null.
  explicit ExternalStage(const ScanOptions& options);

  /// Whatever but bytes and name decides what these rules say.
  void append_circumstances(const FileInput& input, std::string& to) const;
  /// After all other stages; appends to `verdict.external` and `verdict.failures`.
  void look(const FileInput& input, FileVerdict& verdict);

 private:
  void look_by_hash(const FileInput& input, FileVerdict& verdict);
  void look_by_yara(const FileInput& input, FileVerdict& verdict);
  void look_at_layers(FileVerdict& verdict, std::chrono::milliseconds left);
  void tell_troubles(const external::YaraVerdict& seen, FileVerdict& verdict) const;

  const ScanOptions& options_;
  std::optional<external::YaraScanner> yara_;
  std::vector<bool> has_hit_;  // by rule, in the file in hand
  std::deque<Fact> facts_;     // that hashes were found, for messages; of the file in hand
};

}  // namespace backscan::scan

// Signature lists of ClamAV and LMD to backscan's own forms: hashes to hash lists, signatures of bytes to
// rules of class `external`. What has no like here is told with its reason, never left out in silence.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "external/signature_line.h"
#include "model/severity.h"

namespace backscan::external {

struct ImportOptions {
  std::vector<std::string> files;
  std::string directory;             // rules go to `external/`, hash lists to `hashes/` below it
  std::optional<ListFormat> format;  // nothing: by the names of the files
  Severity hash_severity = Severity::kHigh;
  Severity body_severity = Severity::kMedium;
  std::string date;  // YYYY-MM-DD
};

struct ImportReport {
  std::size_t hashes = 0;
  std::size_t rules = 0;
  std::size_t doubles = 0;  // the same hash or the same bytes as one before
  std::size_t refused = 0;
};

/// Told of every signature that is not imported: "file:line" and "name: reason".
using OnRefused = std::function<void(const Error& refusal)>;

/// Reads `options.files` and writes below `options.directory`; what stands there of the same name is
/// replaced. An error where a file cannot be read or written, or its format is not known.
[[nodiscard]] Result<ImportReport> import_lists(const ImportOptions& options,
                                                const OnRefused& on_refused);

/// A name in a-z, 0-9 and '-', as ids of rules are made of.
[[nodiscard]] std::string slug_of(std::string_view name);

}  // namespace backscan::external

// All rules of a scan that are not backscan's own kind; loaded once, shared by all threads.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "external/hash_list.h"
#include "external/yara_rules.h"

namespace backscan::external {

struct ExternalRules {
  std::optional<YaraRules> yara;
  std::vector<HashList> hash_lists;

  [[nodiscard]] bool is_empty() const { return !yara && hash_lists.empty(); }
  [[nodiscard]] std::size_t count() const;
  /// Drops the lists that `options` do not want; YARA rules know by themselves.
  void keep_wanted(const rules::LoadOptions& options);
  /// Ids of all rules: what --only and --skip may name, as long as unwanted ones are here.
  [[nodiscard]] std::vector<std::string> ids() const;
  /// Hex digest over everything that decides what these rules find; empty if there are none.
  [[nodiscard]] std::string digest() const;
  /// Hashes are listed for files of this very size: worth reading whole, whatever the name.
  [[nodiscard]] bool lists_size(std::uint64_t size) const;
  /// Findings depend on a file's path or owner, too.
  [[nodiscard]] bool looks_at_place() const { return yara && yara->looks_at_place(); }
};

struct ExternalOptions {
  std::vector<std::string> yara_files;
};

/// Every `hashes/<name>.hashes` below the directories, by name; a later directory's list replaces an
/// earlier one's of the same name.
[[nodiscard]] std::vector<HashList> open_hash_lists(const std::vector<std::string>& directories,
                                                    std::vector<Error>& errors);

/// Compiles YARA rules and opens the hash lists in the directories of `rule_options`, wanted or not.
/// On failure every error found.
[[nodiscard]] std::expected<ExternalRules, std::vector<Error>> load_external(
    const ExternalOptions& options, const rules::LoadOptions& rule_options);

}  // namespace backscan::external

// Compiled rules kept between runs: compiling takes a tenth of a second to a second, loading a few
// milliseconds. A cache is only believed where nobody else could have written it.
#pragma once

#include <optional>
#include <string>

#include "rules/program.h"

namespace backscan::rules {

/// Where the compiled form of the rules with this digest lies, and what it must be.
struct CacheKey {
  std::string directory;
  std::string digest;  // of rules, choice, library, processor and program

  [[nodiscard]] std::string file() const { return directory + "/rules-" + digest + ".cache"; }
};

/// `rules`: what identifies the rules, their files and the choice made of them.
[[nodiscard]] CacheKey cache_key(const std::string& directory, const std::string& rules,
                                 ProposalMode mode);

/// Nothing unless file and directory belong to root or the effective user, nobody else may write
/// them, and the contents are whole and fit library and processor.
[[nodiscard]] std::optional<Program> read_cache(const CacheKey& key);

/// Writes beside and renames, mode 0600; makes the directory (0700) if it is missing, and keeps
/// only the newest few caches there. An error is no reason to stop: the next run compiles again.
[[nodiscard]] Result<void> write_cache(const CacheKey& key, Program& program);

}  // namespace backscan::rules

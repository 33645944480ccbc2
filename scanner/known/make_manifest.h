// Manifests made: from a vendor's tree on disk, or from checksums that the vendor publishes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "known/manifest.h"

namespace backscan::known {

/// What the caller knows better than the files do; empty: they say.
struct ManifestOptions {
  std::string product;
  std::string version;
  std::string mark;  // a listed file that no other release has alike
};

/// Every regular file below `directory`, symlinks not followed. Anything that cannot be read is an
/// error: a manifest with holes would call honest files unknown.
[[nodiscard]] Result<Manifest> manifest_of_tree(const std::string& directory,
                                                const ManifestOptions& options);

/// From the text of a file of checksums, called `name` in errors: WordPress' and others' JSON (path
/// to digest, also below "checksums" or "files"), lines of md5sum(1) and its like, also in the BSD
/// form
/// ("SHA256 (path) = …") within a signed list of Drupal, dpkg's md5sums. The application's own
/// directory is what its paths lie below.
[[nodiscard]] Result<Manifest> manifest_of_checksums(const std::string& name, std::string_view text,
                                                     const ManifestOptions& options);

}  // namespace backscan::known

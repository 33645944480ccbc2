// What a vendor's release holds, file by file, as `backscan baseline create` writes it. JSON Lines,
// so that it can be read, edited and merged line by line:
//   {"type":"known-good","schema_version":1,"product":"WordPress","version":"6.1.6",
//    "mark":{"path":"wp-includes/version.php","line":"$wp_version = '6.1.6';"},
//    "sealed":["wp-admin/","wp-includes/"],"loose":["wp-content/"]}
//   {"path":"index.php","size":405,"sha256":"…","lines":"…"}
// A path that is not UTF-8 has its bytes in "path_base64". Checksums from elsewhere may be "md5" or
// "sha1", lack "size" and "lines", and give a path several lines, each of which is as good as the
// others.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/error.h"

namespace backscan::known {

struct KnownFile {
  std::string path;  // below the installation's root
  std::optional<std::uint64_t> size;
  HashKind kind = HashKind::kSha256;
  std::string digest;  // as bytes
  std::string
      lines;  // line_marks.h, packed; empty where the original holds no PHP or was not at hand
};

/// What an installation of this very release is recognised by.
struct Mark {
  std::string path;
  std::string line;  // must stand there; empty: the file must be the listed one
};

struct Manifest {
  std::string product;
  std::string version;
  Mark mark;
  /// Places where PHP that is not listed has no business: "dir/" with all below it, "dir/*"
  /// without.
  std::vector<std::string> sealed;
  /// Files and "dir/" that owners change: known if equal, and nothing is said if not.
  std::vector<std::string> loose;
  std::vector<KnownFile> files;  // by path

  /// "WordPress 6.1.6".
  [[nodiscard]] std::string title() const {
    return version.empty() ? product : product + " " + version;
  }
};

/// The line a manifest begins with, or an error for a line that is none.
[[nodiscard]] Result<Manifest> parse_head(std::string_view line);
[[nodiscard]] Result<KnownFile> parse_entry(std::string_view line);

[[nodiscard]] std::string write_manifest(const Manifest& manifest);

/// Whether `path` lies in one of `places` (Manifest::sealed).
[[nodiscard]] bool lies_in(const std::vector<std::string>& places, std::string_view path);

}  // namespace backscan::known

// Applications whose releases are known by a line of one of their files, and what of their trees
// belongs to the vendor alone. A table, because no release says so of itself; what is not in it is
// told apart by its own words of its version, and by --mark.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace backscan::known {

struct Product {
  std::string_view name;       // "WordPress"
  std::string_view mark_path;  // the file that names the release
  std::string_view version;    // RE2; its first group is the release, its match lies within a line
  /// Where nobody but the vendor puts PHP: "dir/" with all below it, "dir/*" without.
  std::span<const std::string_view> sealed;
  /// What owners change or replace one by one: known if equal, and nothing is said if not.
  std::span<const std::string_view> loose;
};

/// Of two with the same mark, one that stands earlier is a fork of the other and bears its words,
/// too.
[[nodiscard]] std::span<const Product> products();

/// Whether `text`, the file at `mark_path`, is that of a fork of `product`.
[[nodiscard]] bool is_of_fork(std::string_view product, std::string_view mark_path,
                              std::string_view text);

/// The line of `text` that names the release, and the release.
struct VersionLine {
  std::string line;  // without white space around it
  std::string version;
};
[[nodiscard]] std::optional<VersionLine> version_line(const Product& product,
                                                      std::string_view text);

/// The same for what is no product of the table: a plugin's or theme's header, composer.json, a
/// file that is called version.
[[nodiscard]] std::optional<VersionLine> own_words_of_version(std::string_view name,
                                                              std::string_view text);

}  // namespace backscan::known

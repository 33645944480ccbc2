// What the place of a file says about it (DESIGN.md, "Facts": file.*): directories where PHP has no
// business, odd names, owners and modes. Split in two: marks, which need no contents and so can be
// part of the memo's key, and facts, which are the marks that mean something once PHP was seen.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/fact.h"
#include "scan/file_choice.h"
#include "walk/walk.h"

namespace backscan::scan {

enum PlaceMark : std::uint32_t {
  kInUploads = 1u << 0,
  kInCache = 1u << 1,
  kInAssets = 1u << 2,
  kInWellKnown = 1u << 3,
  kDoubleExtension = 1u << 4,
  kHidden = 1u << 5,
  kRandomName = 1u << 6,
  kOwnedByWebServer = 1u << 7,  // while the root is not
  kWorldWritable = 1u << 8,
  kSetuid = 1u << 9,
  kNotPhpByName = 1u << 10,
  kImageByName = 1u << 11,
  kNewerThanNeighbours = 1u << 12,  // neighbours.h
};
using PlaceMarks = std::uint32_t;

/// Marks of a directory below a root: uploads, caches, assets, .well-known, hidden.
[[nodiscard]] PlaceMarks marks_of_directory(std::string_view root, std::string_view directory);

/// Marks of a name: two extensions, hidden, random, not PHP, an image.
[[nodiscard]] PlaceMarks marks_of_name(std::string_view name, NameKind kind);

/// Looks at places for one thread; remembers the last directory and root.
class PlaceLooker {
 public:
  /// `web_server_uids`: users that web servers run as; must outlive the looker.
  explicit PlaceLooker(std::span<const uid_t> web_server_uids)
      : web_server_uids_(web_server_uids) {}
  [[nodiscard]] PlaceMarks look(const walk::FileEntry& entry, NameKind kind,
                                const struct stat& status);

 private:
  [[nodiscard]] bool is_web_server(uid_t uid) const;

  std::span<const uid_t> web_server_uids_;
  std::string root_;
  bool is_root_of_web_server_ = false;
  std::string directory_;
  PlaceMarks directory_marks_ = 0;
};

/// True if nothing is left of a short PHP file once the tag and comments go.
[[nodiscard]] bool is_stub(std::string_view bytes);

/// The facts of a file that holds PHP in `bytes`. Empty for a stub such as "<?php // Silence", which
/// is what honest programs put where PHP has no business.
[[nodiscard]] std::vector<Fact> place_facts(PlaceMarks marks, std::string_view bytes);

}  // namespace backscan::scan

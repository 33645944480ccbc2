// Whether a file came long after the other PHP files of its directory: what a dropped file looks
// like. Asked only about files that look interesting, since it costs a stat of each neighbour.
#pragma once

#include <ctime>
#include <string>
#include <vector>

#include "walk/walk.h"

namespace backscan::scan {

class NeighbourLooker {
 public:
  /// True if the directory holds at least eight other PHP files, of which nine tenths last changed
  /// (ctime: a forged mtime does not help) more than a week before this one.
  [[nodiscard]] bool is_newer(const walk::FileEntry& entry, time_t ctime);

 private:
  void read_directory(int directory_fd);

  std::string directory_;         // root and directory of `ctimes_`
  std::vector<time_t> ctimes_;    // sorted, of its PHP files
  std::vector<char> buffer_;
};

}  // namespace backscan::scan

// The tree that is measured: copies of PHP packages as accounts, and files that are not PHP.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace backscan::bench {

struct TreeFigures {
  std::uint64_t files = 0;
  std::uint64_t php_files = 0;
  std::uint64_t php_bytes = 0;
  std::uint64_t bytes = 0;
};

/// Copies `packages` into `to`/account0001, account0002, … and adds made files that are not PHP (text
/// and binary, a few KiB each), until there are `files` files, of which at most a third are PHP.
/// Does nothing if `to` holds that many already.
void make_tree(const std::vector<std::string>& packages, const std::string& to,
               std::uint64_t files);

/// Walks `root` with plain openat(2), getdents64(2) and read(2), reading every file whose name ends
/// in ".php" once into one buffer: the least that any scanner must do.
[[nodiscard]] TreeFigures read_php_files(const std::string& root);

/// The same walk, without reading.
[[nodiscard]] TreeFigures count_files(const std::string& root);

}  // namespace backscan::bench

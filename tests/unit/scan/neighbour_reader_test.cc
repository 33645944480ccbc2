#include "scan/neighbour_reader.h"

#include <gtest/gtest.h>

#include "unit/walk/temp_tree.h"

namespace backscan::scan {
namespace {

TEST(NeighbourReader, ReadsBelowItsDirectoryOnly) {
  const testing_support::TempTree tree;
  tree.file("d/a.php", "A");
  tree.file("d/e/b.php", "B");
  tree.file("secret.php", "S");
  tree.symlink("../secret.php", "d/link.php");
  tree.symlink("..", "d/up");
  tree.file("d/big.php", std::string(600'000, 'x'));
  const UniqueFd directory(::open((tree / "d").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const auto read = [&](std::string_view path) { return read_neighbour(directory.get(), path); };
  EXPECT_EQ(read("a.php"), "A");
  EXPECT_EQ(read("./e//b.php"), "B");
  for (const std::string& path :
       {std::string("../secret.php"), std::string("e/../../secret.php"), std::string("link.php"),
        std::string("up/secret.php"), tree / "d/a.php", std::string("missing.php"),
        std::string("e"), std::string("."), std::string(""), std::string("big.php"),
        std::string("a.php\0x", 7)})
    EXPECT_EQ(read(path), std::nullopt) << path;
}

}  // namespace
}  // namespace backscan::scan

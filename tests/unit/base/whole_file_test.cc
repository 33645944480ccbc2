#include "base/whole_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "unit/walk/temp_tree.h"

namespace backscan {
namespace {

using testing::HasSubstr;
using testing_support::TempTree;

TEST(WholeFile, HasNoMoreThanIsAllowed) {
  const TempTree tree;
  tree.file("key", "12345");
  EXPECT_EQ(read_whole_file(tree / "key", 5).value(), "12345");
  const auto refused = read_whole_file(tree / "key", 4);
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message(), HasSubstr("key: larger than 4 bytes"));
}

TEST(WholeFile, IsARegularOne) {
  const TempTree tree;
  ASSERT_EQ(::mkfifo((tree / "fifo").c_str(), 0600), 0);
  EXPECT_THAT(read_whole_file(tree / "fifo", 9).error().message(), HasSubstr("not a regular file"));
  EXPECT_THAT(read_whole_file(tree / ".", 9).error().message(), HasSubstr("Is a directory"));
  EXPECT_THAT(read_whole_file(tree / "none", 9).error().message(), HasSubstr("No such file"));
}

}  // namespace
}  // namespace backscan

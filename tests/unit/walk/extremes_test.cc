// Trees of a size or shape that only an attacker or an accident makes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "unit/walk/recorder.h"
#include "unit/walk/temp_tree.h"

namespace backscan::walk {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using testing_support::Recorder;
using testing_support::run_walk;
using testing_support::TempTree;

/// Makes `levels` directories inside each other, each with a file and `siblings` further ones.
void make_deep(const TempTree& tree, int levels, int siblings, const std::string& name = "d") {
  UniqueFd at(::open(tree.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (int level = 0; level < levels; ++level) {
    const UniqueFd file(::openat(at.get(), "f", O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
    ASSERT_TRUE(file.valid());
    for (int sibling = 0; sibling < siblings; ++sibling)
      ASSERT_EQ(::mkdirat(at.get(), ("s" + std::to_string(sibling)).c_str(), 0755), 0);
    ASSERT_EQ(::mkdirat(at.get(), name.c_str(), 0755), 0);
    at.reset(::openat(at.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ASSERT_TRUE(at.valid());
  }
}

/// Lowers the soft limit of descriptors for as long as it lives.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(rlim_t soft) {
    ::getrlimit(RLIMIT_NOFILE, &saved_);
    const struct rlimit low {soft, saved_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &low);
  }
  ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &saved_); }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;

 private:
  struct rlimit saved_ {};
};

TEST(WalkExtremes, GoesDownTenThousandLevels) {
  const TempTree tree(TempTree::fast_place());
  make_deep(tree, 10'000, 0);
  Recorder seen;
  run_walk({.roots = {tree.path()}}, seen);
  EXPECT_THAT(seen.files, SizeIs(10'000));
  EXPECT_EQ(seen.directories, 10'001u);
  EXPECT_THAT(seen.errors, IsEmpty());
}

TEST(WalkExtremes, GoesDownManyLevelsWithSiblingsAndFewDescriptors) {
  const TempTree tree(TempTree::fast_place());
  make_deep(tree, 2'000, 2);
  const DescriptorLimit limit(48);
  Recorder seen;
  run_walk({.roots = {tree.path()}}, seen);
  EXPECT_THAT(seen.files, SizeIs(2'000));
  EXPECT_EQ(seen.directories, 2'000u * 3 + 1);
  EXPECT_THAT(seen.errors, IsEmpty());
}

TEST(WalkExtremes, PathsMayBeLongerThanPathMax) {
  const TempTree tree(TempTree::fast_place());
  make_deep(tree, 40, 0, std::string(255, 'n'));
  Recorder seen;
  run_walk({.roots = {tree.path()}}, seen);
  ASSERT_THAT(seen.files, SizeIs(40));
  EXPECT_EQ(seen.files.back().size(), 39u * 256 + 1);
}

TEST(WalkExtremes, ReadsHundredsOfThousandsOfEntriesInOneDirectory) {
  const TempTree tree(TempTree::fast_place());
  constexpr int kFiles = 200'000;
  const UniqueFd top(::open(tree.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ASSERT_EQ(::mknodat(top.get(), "0", S_IFREG | 0644, 0), 0);
  for (int i = 1; i < kFiles; ++i)
    ASSERT_EQ(::mknodat(top.get(), std::to_string(i).c_str(), S_IFREG | 0644, 0), 0);
  Recorder seen;
  run_walk({.roots = {tree.path()}}, seen);
  EXPECT_THAT(seen.files, SizeIs(kFiles));
  EXPECT_EQ(std::ranges::adjacent_find(seen.files), seen.files.end());
}

TEST(WalkExtremes, EntersEachOfManySubdirectoriesOnce) {
  const TempTree tree(TempTree::fast_place());
  for (int i = 0; i < 3'000; ++i) tree.file("d" + std::to_string(i) + "/f");
  for (const int threads : {1, 8}) {
    Recorder seen;
    run_walk({.roots = {tree.path()}}, seen, threads);
    EXPECT_THAT(seen.files, SizeIs(3'000));
    EXPECT_EQ(std::ranges::adjacent_find(seen.files), seen.files.end());
    EXPECT_EQ(seen.directories, 3'001u);
  }
}

}  // namespace
}  // namespace backscan::walk

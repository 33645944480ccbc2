#include "walk/walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <thread>

#include "unit/walk/recorder.h"
#include "unit/walk/temp_tree.h"

namespace backscan::walk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using testing_support::Recorder;
using testing_support::run_walk;
using testing_support::TempTree;

TEST(Walk, HandsOnEveryFileOfEveryLevelOnce) {
  const TempTree tree;
  tree.file("a.php");
  tree.file("d/b.php");
  tree.file("d/e/c.php");
  tree.directory("empty");
  Recorder seen;
  run_walk({.roots = {tree.path()}}, seen);
  EXPECT_THAT(seen.files, ElementsAre("a.php", "d/b.php", "d/e/c.php"));
  EXPECT_THAT(seen.paths, ElementsAre(tree / "a.php", tree / "d/b.php", tree / "d/e/c.php"));
  EXPECT_EQ(seen.directories, 4u);
  EXPECT_THAT(seen.errors, IsEmpty());
}

TEST(Walk, ReportsAMissingRootAndWalksTheOthers) {
  const TempTree tree;
  tree.file("a.php");
  Recorder seen;
  run_walk({.roots = {tree / "missing", tree.path()}}, seen);
  EXPECT_THAT(seen.files, ElementsAre("a.php"));
  ASSERT_THAT(seen.errors, SizeIs(1));
  EXPECT_EQ(seen.errors[0].path, tree / "missing");
  EXPECT_EQ(seen.errors[0].reason, "No such file or directory");
  EXPECT_FALSE(seen.errors[0].is_note);
}

TEST(Walk, ReportsDeniedDirectoryAndKeepsItsSiblings) {
  const TempTree tree;
  tree.file("a/x.php");
  tree.file("b/x.php");
  tree.file("c/x.php");
  tree.mode("b", 0);
  Recorder seen;
  testing_support::as_nobody([&] { run_walk({.roots = {tree.path()}}, seen, 1); });
  EXPECT_THAT(seen.files, ElementsAre("a/x.php", "c/x.php"));
  ASSERT_THAT(seen.errors, SizeIs(1));
  EXPECT_EQ(seen.errors[0].path, tree / "b");
  EXPECT_EQ(seen.errors[0].reason, "Permission denied");
}

TEST(Walk, SkipsAndCountsWhatIsNoFile) {
  const TempTree tree;
  tree.file("a.php");
  ASSERT_EQ(::mkfifo((tree / "pipe.php").c_str(), 0644), 0);
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (tree / "s.php").copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  tree.symlink("a.php", "link.php");
  Recorder seen;
  run_walk({.roots = {tree.path()}}, seen);
  EXPECT_THAT(seen.files, ElementsAre("a.php"));
  EXPECT_THAT(seen.skipped["fifo"], ElementsAre("pipe.php"));
  EXPECT_THAT(seen.skipped["socket"], ElementsAre("s.php"));
  EXPECT_THAT(seen.skipped["symlink"], ElementsAre("link.php"));
}

TEST(Walk, NeverFollowsASymlinkInsideARoot) {
  const TempTree outside;
  outside.file("secret.php");
  const TempTree tree;
  tree.file("d/a.php");
  tree.symlink(outside.path(), "out");
  tree.symlink("..", "d/up");
  Recorder seen;
  run_walk({.roots = {tree.path()}}, seen);
  EXPECT_THAT(seen.files, ElementsAre("d/a.php"));
  EXPECT_THAT(seen.skipped["symlink"], ElementsAre("d/up", "out"));
}

TEST(Walk, FollowsARootThatIsASymlinkUnlessTold) {
  const TempTree tree;
  tree.file("d/a.php");
  tree.symlink("d", "link");
  Recorder seen;
  run_walk({.roots = {tree / "link"}}, seen);
  EXPECT_THAT(seen.paths, ElementsAre(tree / "link/a.php"));
  Recorder never;
  run_walk({.roots = {tree / "link"}, .follow = FollowSymlinks::kNever}, never);
  EXPECT_THAT(never.files, IsEmpty());
  EXPECT_THAT(never.errors, SizeIs(1));
}

TEST(Walk, AlwaysFollowsWithoutLoopsOrDuplicates) {
  const TempTree outside;
  outside.file("o.php");
  outside.symlink(".", "self");
  const TempTree tree;
  tree.file("d/a.php");
  tree.symlink("..", "d/up");
  tree.symlink("a.php", "d/b.php");
  tree.symlink("nowhere", "broken");
  tree.symlink(outside.path(), "y");
  tree.symlink(outside.path(), "x");
  for (int round = 0; round < 20; ++round) {
    Recorder seen;
    run_walk({.roots = {tree.path()}, .follow = FollowSymlinks::kAlways}, seen);
    EXPECT_THAT(seen.files, ElementsAre("d/a.php", "d/b.php", "x/o.php"));
    EXPECT_THAT(seen.skipped["broken-symlink"], ElementsAre("broken"));
    EXPECT_THAT(seen.errors, IsEmpty());
  }
}

TEST(Walk, VisitsDuplicateAndNestedRootsOnce) {
  const TempTree tree;
  tree.file("a.php");
  tree.file("d/b.php");
  tree.file("d/c.php");
  tree.symlink("d", "alias");
  Recorder seen;
  run_walk({.roots = {tree.path(), tree.path() + "/", tree / "d/../d", tree / "alias",
                      tree / "d/c.php", tree / "./d/c.php"}},
           seen);
  EXPECT_THAT(seen.paths, ElementsAre(tree / "a.php", tree / "d/b.php", tree / "d/c.php"));
  // Files of the inner root are told as its own.
  EXPECT_THAT(seen.files, ElementsAre("a.php", "b.php", "c.php"));
}

TEST(Walk, TakesAFileAsARoot) {
  const TempTree tree;
  tree.file("d/a.php");
  tree.file("d/b.php");
  Recorder seen;
  run_walk({.roots = {tree / "d/a.php"}}, seen);
  EXPECT_THAT(seen.paths, ElementsAre(tree / "d/a.php"));
}

TEST(Walk, RefusesARootThatIsADevice) {
  Recorder seen;
  run_walk({.roots = {"/dev/null"}}, seen);
  ASSERT_THAT(seen.errors, SizeIs(1));
  EXPECT_EQ(seen.errors[0].path, "/dev/null");
}

TEST(Walk, PassesNamesThatAreNoTextUntouched) {
  const TempTree tree;
  const std::string name = "\xFF\xC0\n\x1b[31m\".php";
  tree.file(name);
  tree.file(name + "d/x");
  Recorder seen;
  run_walk({.roots = {tree.path()}}, seen);
  EXPECT_THAT(seen.files, UnorderedElementsAre(name, name + "d/x"));
}

TEST(Walk, FiltersByGlobs) {
  const TempTree tree;
  for (const char* file : {"a.php", "a.txt", "cache/b.php", "up/keep/c.txt", "up/c.txt"})
    tree.file(file);
  Recorder seen;
  run_walk({.roots = {tree.path()}, .include = {"*.php", "up/keep"}, .exclude = {"cache/"}}, seen);
  EXPECT_THAT(seen.files, ElementsAre("a.php", "up/keep/c.txt"));
  EXPECT_THAT(seen.skipped["excluded"], ElementsAre("cache"));
  EXPECT_THAT(seen.skipped["not-included"], ElementsAre("a.txt", "up/c.txt"));
}

TEST(Walk, TellsABrokenGlobAndWalksNothing) {
  const TempTree tree;
  tree.file("a.php");
  Recorder seen;
  run_walk({.roots = {tree.path()}, .exclude = {"[z-a]"}}, seen);
  EXPECT_THAT(seen.files, IsEmpty());
  EXPECT_THAT(seen.errors, SizeIs(1));
  EXPECT_FALSE(check_globs({.exclude = {"[z-a]"}}).has_value());
}

TEST(Walk, StopsAtMaxDepth) {
  const TempTree tree;
  tree.file("a");
  tree.file("1/b");
  tree.file("1/2/c");
  Recorder top;
  run_walk({.roots = {tree.path()}, .max_depth = 0}, top);
  EXPECT_THAT(top.files, ElementsAre("a"));
  EXPECT_THAT(top.skipped["too-deep"], ElementsAre("1"));
  Recorder one;
  run_walk({.roots = {tree.path()}, .max_depth = 1}, one);
  EXPECT_THAT(one.files, ElementsAre("1/b", "a"));
}

TEST(Walk, LeavesOutWhatDidNotChangeSince) {
  const TempTree tree;
  tree.file("a");
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  Recorder seen;
  run_walk({.roots = {tree.path()}, .newer_than = now - std::chrono::hours(1)}, seen);
  EXPECT_THAT(seen.files, ElementsAre("a"));
  Recorder later;
  run_walk({.roots = {tree.path()}, .newer_than = now + std::chrono::hours(1)}, later);
  EXPECT_THAT(later.files, IsEmpty());
  EXPECT_THAT(later.skipped["not-newer"], ElementsAre("a"));
}

TEST(Walk, ShardsAreDisjointAndComplete) {
  const TempTree tree;
  for (int i = 0; i < 40; ++i) {
    tree.file("account" + std::to_string(i) + "/www/a.php");
    tree.file("account" + std::to_string(i) + "/b.php");
    tree.file("file" + std::to_string(i));
  }
  Recorder whole;
  run_walk({.roots = {tree.path()}}, whole);
  for (const bool by_root : {false, true}) {
    WalkOptions options{.roots = {tree.path(), tree / "account1", tree / "account2/b.php"},
                        .shard_by_root = by_root};
    std::vector<std::string> together;
    for (std::uint32_t k = 1; k <= 5; ++k) {
      options.shard = {k, 5};
      Recorder part;
      run_walk(options, part);
      // By root, chance may put all roots of this random path into one part.
      EXPECT_LE(part.files.size(), by_root ? whole.files.size() : whole.files.size() / 2);
      together.insert(together.end(), part.paths.begin(), part.paths.end());
    }
    std::ranges::sort(together);
    EXPECT_EQ(together, whole.paths);
  }
}

TEST(Walk, AnAccountIsNotTornBetweenShards) {
  const TempTree tree;
  for (int i = 0; i < 30; ++i) tree.file("alice/d" + std::to_string(i) + "/a.php");
  std::size_t shards_with_files = 0;
  for (std::uint32_t k = 1; k <= 4; ++k) {
    Recorder part;
    run_walk({.roots = {tree.path()}, .shard = {k, 4}}, part);
    if (!part.files.empty()) ++shards_with_files;
  }
  EXPECT_EQ(shards_with_files, 1u);
}

TEST(Walk, EndsSoonWhenTheVisitorHasEnough) {
  const TempTree tree;
  for (int i = 0; i < 500; ++i) tree.file("d" + std::to_string(i % 10) + "/" + std::to_string(i));
  Recorder seen;
  seen.stop_after = 5;
  run_walk({.roots = {tree.path()}}, seen);
  EXPECT_GE(seen.files.size(), 5u);
  EXPECT_LT(seen.files.size(), 20u);
}

TEST(Walk, SurvivesATreeThatIsBeingRemoved) {
  const TempTree tree;
  for (int d = 0; d < 200; ++d)
    for (int f = 0; f < 5; ++f)
      tree.file("d" + std::to_string(d) + "/e/" + std::to_string(f) + ".php");
  Recorder seen;
  std::thread remover([&] {
    for (int d = 199; d >= 0; --d)
      std::filesystem::remove_all(tree / ("d" + std::to_string(d)));
  });
  run_walk({.roots = {tree.path()}}, seen);
  remover.join();
  for (const ErrorRecord& error : seen.errors) {
    EXPECT_TRUE(error.is_note) << error.path << ": " << error.reason;
    EXPECT_EQ(error.reason, "vanished during the walk");
  }
}

TEST(Walk, NotesADirectoryReplacedByASymlinkInsteadOfFollowingIt) {
  const TempTree outside;
  outside.file("secret.php");
  const TempTree tree;
  tree.file("a.php");
  tree.file("d/b.php");
  Recorder seen;
  // The root's files are visited before its only subdirectory is entered.
  seen.on_each_file = [&](const FileEntry& entry) {
    if (std::string_view(entry.name) != "a.php") return;
    std::filesystem::remove_all(tree / "d");
    std::filesystem::create_directory_symlink(outside.path(), tree / "d");
  };
  run_walk({.roots = {tree.path()}}, seen, 1);
  EXPECT_THAT(seen.files, ElementsAre("a.php"));
  ASSERT_THAT(seen.errors, SizeIs(1));
  EXPECT_EQ(seen.errors[0].path, tree / "d");
  EXPECT_EQ(seen.errors[0].reason, "changed during the walk");
}

}  // namespace
}  // namespace backscan::walk

// Against a process that swaps files, directories and symlinks as fast as it can: nothing outside of
// the root is ever taken, changed or copied, and no content is lost.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "response/act.h"
#include "response/recover.h"
#include "response/restore.h"
#include "unit/walk/temp_tree.h"

namespace backscan::test {
namespace {

namespace fs = std::filesystem;
using testing_support::TempTree;

constexpr std::string_view kInside = "<?php /* inside */\n";
constexpr std::string_view kOutside = "outside: not for us\n";
constexpr auto kTime = std::chrono::seconds{4};

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Swaps the directory against a symlink, and the file against a symlink, another file and nothing.
[[noreturn]] void swap_for_ever(const std::string& site) {
  const std::string up = site + "/up";
  const std::string file = up + "/bad.php";
  for (unsigned turn = 0;; ++turn) {
    ::rename(up.c_str(), (site + "/aside").c_str());
    (void)!::symlink("../outside", up.c_str());
    ::unlink(up.c_str());
    ::rename((site + "/aside").c_str(), up.c_str());
    ::unlink(file.c_str());
    if (turn % 3 == 0) (void)!::symlink("../../outside/bad.php", file.c_str());
    if (turn % 3 == 1) (void)!::link((site + "/spare.php").c_str(), file.c_str());
    ::unlink(file.c_str());
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd >= 0) {
      (void)!::write(fd, kInside.data(), kInside.size());
      ::close(fd);
    }
  }
}

class ResponseRace : public testing::Test {
 protected:
  void SetUp() override {
    tree_.file("site/up/bad.php", kInside);
    tree_.file("site/spare.php", kInside);
    tree_.file("outside/bad.php", kOutside);
    ::chmod((tree_ / "outside/bad.php").c_str(), 0640);
    ASSERT_EQ(::stat((tree_ / "outside/bad.php").c_str(), &before_), 0);
    swapper_ = ::fork();
    if (swapper_ == 0) swap_for_ever(tree_ / "site");
  }
  void TearDown() override {
    ::kill(swapper_, SIGKILL);
    ::waitpid(swapper_, nullptr, 0);
    struct stat after {};
    ASSERT_EQ(::stat((tree_ / "outside/bad.php").c_str(), &after), 0);
    EXPECT_EQ(read(tree_ / "outside/bad.php"), kOutside);
    EXPECT_EQ(after.st_ino, before_.st_ino);
    EXPECT_EQ(after.st_mode, before_.st_mode);
    EXPECT_EQ(after.st_ctim.tv_sec, before_.st_ctim.tv_sec);
    EXPECT_EQ(after.st_ctim.tv_nsec, before_.st_ctim.tv_nsec);
    std::size_t names = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(tree_ / "outside")) ++names;
    EXPECT_EQ(names, 1U);
    for (const auto& item : fs::directory_iterator(tree_ / "store/items")) {
      const std::string content = read(item.path());
      EXPECT_TRUE(content.empty() || kInside.starts_with(content)) << content;
    }
  }

  TempTree tree_{TempTree::fast_place()};
  struct stat before_ {};
  pid_t swapper_ = -1;
};

TEST_F(ResponseRace, QuarantineTouchesNothingOutside) {
  auto store = response::Store::open(tree_ / "store");
  ASSERT_TRUE(store) << store.error().message();
  std::size_t taken = 0;
  std::size_t refused = 0;
  const auto end = std::chrono::steady_clock::now() + kTime;
  while (std::chrono::steady_clock::now() < end) {
    const auto outcome =
        response::quarantine(*store, {.target = {tree_ / "site", "up/bad.php"}, .now = Time{}});
    ++(outcome ? taken : refused);
  }
  EXPECT_GT(taken, 0U);
  EXPECT_GT(refused, 0U);
  std::cout << taken << " taken, " << refused << " refused\n";
}

TEST_F(ResponseRace, CleanTouchesNothingOutside) {
  auto store = response::Store::open(tree_ / "store");
  ASSERT_TRUE(store) << store.error().message();
  std::size_t rounds = 0;
  const auto end = std::chrono::steady_clock::now() + kTime;
  for (; std::chrono::steady_clock::now() < end; ++rounds)
    (void)response::replace(*store, {.target = {tree_ / "site", "up/bad.php"}, .now = Time{}},
                            kInside.substr(0, 6));
  EXPECT_GT(rounds, 10U);
}

TEST_F(ResponseRace, RestoreTouchesNothingOutside) {
  auto store = response::Store::open(tree_ / "store");
  ASSERT_TRUE(store) << store.error().message();
  std::size_t restored = 0;
  const auto end = std::chrono::steady_clock::now() + kTime;
  while (std::chrono::steady_clock::now() < end) {
    const auto outcome =
        response::quarantine(*store, {.target = {tree_ / "site", "up/bad.php"}, .now = Time{}});
    if (outcome && response::restore(*store, outcome->id)) ++restored;
  }
  std::cout << restored << " restored\n";
}

}  // namespace
}  // namespace backscan::test

#include "state/file_cache.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace backscan::state {
namespace {

constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25}};

class FileCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "backscan-cache-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  static struct stat file() {
    struct stat status {};
    status.st_dev = 1;
    status.st_ino = 42;
    status.st_size = 100;
    status.st_mode = 0100644;
    status.st_mtim.tv_sec = status.st_ctim.tv_sec = 1'700'000'000;
    return status;
  }
  /// Remembers the file in a cache of its own and saves it.
  void remember(const struct stat& status) const {
    FileCache cache = FileCache::open(directory_, "rules 1", false);
    cache.remember(cache.identity_of("/srv/www", "a.php", status, kNow));
    ASSERT_TRUE(cache.save());
  }
  [[nodiscard]] bool knows(const struct stat& status, std::string_view path = "a.php",
                           std::string_view circumstances = "rules 1") const {
    FileCache cache = FileCache::open(directory_, circumstances, false);
    return cache.is_known_clean(cache.identity_of("/srv/www", path, status, kNow));
  }

  std::string directory_;
};

TEST_F(FileCacheTest, KnowsAnUnchangedFileInTheNextRun) {
  EXPECT_FALSE(knows(file()));
  remember(file());
  EXPECT_TRUE(knows(file()));
}

TEST_F(FileCacheTest, EveryChangeMakesAnotherFile) {
  remember(file());
  struct stat written = file();
  written.st_ctim.tv_nsec = 1;  // touched back to its old modification time: ctime tells
  EXPECT_FALSE(knows(written));
  struct stat replaced = file();
  replaced.st_ino = 43;
  EXPECT_FALSE(knows(replaced));
  struct stat given = file();
  given.st_uid = 1001;
  EXPECT_FALSE(knows(given));
  EXPECT_FALSE(knows(file(), "uploads/a.php"));
}

TEST_F(FileCacheTest, OtherRulesKnowNothing) {
  remember(file());
  EXPECT_FALSE(knows(file(), "a.php", "rules 2"));
}

TEST_F(FileCacheTest, AFileThatJustChangedIsNotRemembered) {
  struct stat fresh = file();
  fresh.st_ctim.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(kNow.time_since_epoch()).count();
  remember(fresh);
  EXPECT_FALSE(knows(fresh));
}

TEST_F(FileCacheTest, ADamagedFileIsAsGoodAsNone) {
  remember(file());
  const std::string name = directory_ + "/clean-files";
  const auto size = std::filesystem::file_size(name);
  std::filesystem::resize_file(name, size - 1);
  EXPECT_FALSE(knows(file()));
  for (const std::string text : {"", "bscache1", "not a cache but a text of some length, longer than a head"}) {
    std::ofstream(name, std::ios::trunc) << text;
    EXPECT_FALSE(knows(file())) << text;
  }
}

TEST_F(FileCacheTest, ForgetsWhatNoScanMetForLong) {
  remember(file());
  for (int run = 0; run < FileCache::kRunsKept; ++run) {
    EXPECT_TRUE(FileCache::open(directory_, "rules 1", false).save());
  }
  EXPECT_FALSE(knows(file()));
}

}  // namespace
}  // namespace backscan::state

#include "base/output_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace backscan {
namespace {

namespace fs = std::filesystem;

class OutputFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = fs::temp_directory_path() / "backscan-output-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { fs::remove_all(directory_); }

  std::string in_directory(const std::string& name) const { return directory_ / name; }
  static std::string contents(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory_), {}));
  }

  fs::path directory_;
};

TEST_F(OutputFile, WritesAndReplacesWithoutLeavingAnythingBeside) {
  ASSERT_TRUE(write_file(in_directory("r"), "one"));
  ASSERT_TRUE(write_file(in_directory("r"), "two"));
  EXPECT_EQ(contents(in_directory("r")), "two");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(OutputFile, KeepsTheModeOfTheFileItReplaces) {
  ASSERT_TRUE(write_file(in_directory("r"), "one"));
  ::chmod(in_directory("r").c_str(), 0640);
  ASSERT_TRUE(write_file(in_directory("r"), "two"));
  struct stat now {};
  ASSERT_EQ(::stat(in_directory("r").c_str(), &now), 0);
  EXPECT_EQ(now.st_mode & 07777, 0640u);
}

TEST_F(OutputFile, WritesThroughASymlinkInsteadOfReplacingIt) {
  ASSERT_TRUE(write_file(in_directory("r"), "one"));
  fs::create_symlink("r", directory_ / "link");
  ASSERT_TRUE(write_file(in_directory("link"), "two"));
  EXPECT_TRUE(fs::is_symlink(directory_ / "link"));
  EXPECT_EQ(contents(in_directory("r")), "two");
}

TEST_F(OutputFile, ToldOfAFullDiskNamesTheFileAndKeepsTheDevice) {
  const auto written = write_file("/dev/full", "x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message(), "/dev/full: No space left on device");
  struct stat now {};
  ASSERT_EQ(::stat("/dev/full", &now), 0);
  EXPECT_TRUE(S_ISCHR(now.st_mode));
}

TEST_F(OutputFile, RefusesADirectoryAndAMissingOne) {
  EXPECT_EQ(write_file(directory_, "x").error().reason, "Is a directory");
  EXPECT_EQ(write_file(in_directory("no/r"), "x").error().message(),
            in_directory("no/r") + ": No such file or directory");
}

}  // namespace
}  // namespace backscan

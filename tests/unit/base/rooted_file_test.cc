#include "base/rooted_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace backscan {
namespace {

namespace fs = std::filesystem;

class RootedFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "rooted-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    top_ = pattern;
    fs::create_directories(top_ / "root/etc/mail.d");
    write("root/etc/mail.d/b.conf", "bee");
    write("root/etc/mail.d/a.conf", "ay");
    write("root/etc/mail.d/.hidden.conf", "no");
    write("secret", "outside");
  }
  void TearDown() override { fs::remove_all(top_); }
  void write(const fs::path& name, std::string_view text) { std::ofstream(top_ / name) << text; }
  [[nodiscard]] RootedDirectory root() const {
    return *RootedDirectory::open((top_ / "root").string());
  }
  fs::path top_;
};

TEST_F(RootedFile, ReadsAFileByItsPathOnTheHost) {
  EXPECT_EQ(root().read("/etc/mail.d/a.conf", 100).value(), "ay");
  EXPECT_EQ(root().read("/etc/none", 100).error(),
            (Error{"/etc/none", "No such file or directory"}));
}

TEST_F(RootedFile, NeitherDotsNorSymlinksLeaveTheRoot) {
  fs::create_symlink(top_ / "secret", top_ / "root/etc/absolute");
  fs::create_symlink("../../secret", top_ / "root/etc/relative");
  fs::create_symlink("/etc/mail.d/a.conf", top_ / "root/etc/inside");
  EXPECT_FALSE(root().read("/etc/absolute", 100).has_value());
  EXPECT_FALSE(root().read("/etc/relative", 100).has_value());
  EXPECT_FALSE(root().read("/../secret", 100).has_value());
  EXPECT_EQ(root().read("/etc/inside", 100).value(), "ay");
}

TEST_F(RootedFile, RefusesWhatIsTooLargeOrNotAFile) {
  EXPECT_EQ(root().read("/etc/mail.d/b.conf", 2).error().reason, "larger than 2 bytes");
  EXPECT_FALSE(root().read("/etc/mail.d", 100).has_value());
  ASSERT_EQ(::mkfifo((top_ / "root/etc/fifo").c_str(), 0600), 0);
  EXPECT_EQ(root().read("/etc/fifo", 100).error().reason, "not a regular file");
}

TEST_F(RootedFile, GlobsSortedWithoutHiddenNames) {
  EXPECT_EQ(root().glob("/etc/*.d/*.conf"),
            (std::vector<std::string>{"/etc/mail.d/a.conf", "/etc/mail.d/b.conf"}));
  EXPECT_EQ(root().glob("/etc/mail.d/a.conf"), std::vector<std::string>{"/etc/mail.d/a.conf"});
  EXPECT_TRUE(root().glob("/etc/none/*").empty());
  EXPECT_EQ(root().list("/etc/mail.d", 1).error().reason, "more than 1 entries");
}

TEST_F(RootedFile, ResolvesPathsToThoseOfTheHost) {
  fs::create_symlink("/etc/mail.d", top_ / "root/etc/link");
  fs::create_symlink("../../../..", top_ / "root/etc/up");
  EXPECT_EQ(root().real_path("/etc/link/a.conf").value(), "/etc/mail.d/a.conf");
  EXPECT_EQ(root().real_path("/etc/up/etc").value(), "/etc");
  EXPECT_EQ(root().real_path("/").value(), "/");
  EXPECT_FALSE(root().real_path("/etc/none").has_value());
  EXPECT_TRUE(S_ISDIR(root().status("/etc/link").value().st_mode));
  EXPECT_EQ(RootedDirectory::open("/")->real_path("/proc/../proc").value(), "/proc");
}

}  // namespace
}  // namespace backscan

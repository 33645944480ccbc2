#include "mail/line_reader.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace backscan::mail {
namespace {

class LineReaderTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "lines-" +
            testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  void TearDown() override { std::filesystem::remove(path_); }

  void write(std::string_view text) { std::ofstream(path_, std::ios::binary) << text; }
  void write_gzip(std::string_view text) {
    gzFile file = gzopen(path_.c_str(), "wb");
    ASSERT_NE(file, nullptr);
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
  }
  [[nodiscard]] LineReader open() const {
    return *LineReader::open(UniqueFd(::open(path_.c_str(), O_RDONLY)), path_);
  }
  static std::vector<std::string> all(LineReader& reader) {
    std::vector<std::string> lines;
    while (const auto line = reader.next()) lines.emplace_back(*line);
    return lines;
  }
  std::string path_;
};

TEST_F(LineReaderTest, HandsOnEveryLineAlsoTheLastWithoutEnd) {
  write("one\r\ntwo\n\nfour");
  LineReader reader = open();
  EXPECT_EQ(all(reader), (std::vector<std::string>{"one", "two", "", "four"}));
  EXPECT_FALSE(reader.error());
}

TEST_F(LineReaderTest, JoinsLinesAcrossBlocks) {
  std::string text;
  std::vector<std::string> expected;
  for (int i = 0; i < 60'000; ++i) {
    expected.push_back("line number " + std::to_string(i));
    text += expected.back() + '\n';
  }
  write(text);
  LineReader plain = open();
  EXPECT_EQ(all(plain), expected);
  write_gzip(text);
  LineReader packed = open();
  EXPECT_EQ(all(packed), expected);
}

TEST_F(LineReaderTest, CutsALineOfMegabytesAndGoesOn) {
  write("before\n" + std::string(10 << 20, 'x') + "\nafter\n");
  LineReader reader = open();
  const auto lines = all(reader);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0], "before");
  EXPECT_EQ(lines[1].size(), LineReader::kMaxLineBytes);
  EXPECT_EQ(lines[2], "after");
  EXPECT_EQ(reader.cut_lines(), 1u);
}

TEST_F(LineReaderTest, ATornArchiveYieldsWhatItHoldsAndAnError) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "entry " + std::to_string(i * 7919) + '\n';
  write_gzip(text);
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) / 2);
  LineReader reader = open();
  const auto lines = all(reader);
  EXPECT_GT(lines.size(), 1000u);
  EXPECT_LT(lines.size(), 100'000u);
  ASSERT_TRUE(reader.error());
  EXPECT_EQ(reader.error()->object, path_);
}

}  // namespace
}  // namespace backscan::mail

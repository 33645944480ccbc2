// Hash lists: what is found in them, and that torn or made-up files are refused.
#include "external/hash_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "unit/walk/temp_tree.h"

namespace backscan::external {
namespace {

using testing::HasSubstr;
using testing_support::TempTree;

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(HashList, FindsWhatWasAddedBySizeAndKind) {
  const TempTree tree;
  HashListWriter writer(Severity::kHigh, Confidence::kHigh, "made.hdb");
  writer.add(HashKind::kMd5, digest_of(HashKind::kMd5, "hello"), 5, "Hello");
  writer.add(HashKind::kSha1, digest_of(HashKind::kSha1, "world"), kAnySize, "World");
  writer.add(HashKind::kSha256, digest_of(HashKind::kSha256, "third"), 5, "Third");
  ASSERT_EQ(writer.write(tree / "made.hashes").value(), 3u);
  const auto list = HashList::open(tree / "made.hashes");
  ASSERT_TRUE(list.has_value()) << list.error().message();
  EXPECT_EQ(list->rule().id, "external/made");
  EXPECT_EQ(list->rule().severity, Severity::kHigh);
  EXPECT_THAT(list->rule().references, testing::ElementsAre("made.hdb"));
  EXPECT_EQ(list->count(), 3u);
  EXPECT_TRUE(list->lists_size(HashKind::kMd5, 5));
  EXPECT_FALSE(list->lists_size(HashKind::kMd5, 6));
  EXPECT_FALSE(list->lists_any_size(HashKind::kMd5));
  EXPECT_TRUE(list->lists_any_size(HashKind::kSha1));
  EXPECT_EQ(list->find(HashKind::kMd5, digest_of(HashKind::kMd5, "hello"), 5), "Hello");
  EXPECT_FALSE(list->find(HashKind::kMd5, digest_of(HashKind::kMd5, "hello"), 6).has_value());
  EXPECT_FALSE(list->find(HashKind::kMd5, digest_of(HashKind::kMd5, "jello"), 5).has_value());
  EXPECT_EQ(list->find(HashKind::kSha1, digest_of(HashKind::kSha1, "world"), 5), "World");
  EXPECT_EQ(list->find(HashKind::kSha256, digest_of(HashKind::kSha256, "third"), 5), "Third");
}

TEST(HashList, HundredThousandHashesOfAFewSizes) {
  const TempTree tree;
  HashListWriter writer(Severity::kHigh, Confidence::kHigh, "many");
  constexpr int kMany = 100'000;
  for (int i = 0; i < kMany; ++i) {
    const std::string text = std::to_string(i);
    writer.add(HashKind::kMd5, digest_of(HashKind::kMd5, text), text.size(), "N" + text);
  }
  writer.add(HashKind::kMd5, digest_of(HashKind::kMd5, "7"), 1, "Double");
  EXPECT_EQ(writer.write(tree / "many.hashes").value(), static_cast<std::size_t>(kMany));
  const auto list = HashList::open(tree / "many.hashes");
  ASSERT_TRUE(list.has_value());
  for (int i = 0; i < kMany; i += 97) {
    const std::string text = std::to_string(i);
    ASSERT_EQ(list->find(HashKind::kMd5, digest_of(HashKind::kMd5, text), text.size()), "N" + text);
  }
  EXPECT_EQ(list->find(HashKind::kMd5, digest_of(HashKind::kMd5, "7"), 1), "N7") << "the first name";
}

TEST(HashList, OfAnyFileNameIsARuleOfAnHonestOne) {
  const TempTree tree;
  HashListWriter writer(Severity::kHigh, Confidence::kHigh, "made");
  writer.add(HashKind::kMd5, digest_of(HashKind::kMd5, "a"), 1, "A");
  ASSERT_TRUE(writer.write(tree / "a\x1b[2J b.hashes").has_value());
  EXPECT_EQ(HashList::open(tree / "a\x1b[2J b.hashes")->rule().id, "external/a__2J_b");
}

TEST(HashList, RefusesTornChangedAndForeignFiles) {
  const TempTree tree;
  HashListWriter writer(Severity::kHigh, Confidence::kHigh, "made");
  writer.add(HashKind::kMd5, digest_of(HashKind::kMd5, "hello"), 5, "Hello");
  ASSERT_TRUE(writer.write(tree / "made.hashes").has_value());
  const std::string good = file_text(tree / "made.hashes");
  for (std::size_t length = 0; length < good.size(); ++length) {
    tree.file("torn.hashes", good.substr(0, length));
    ASSERT_FALSE(HashList::open(tree / "torn.hashes").has_value()) << length;
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 0x40);
    tree.file("changed.hashes", changed);
    ASSERT_FALSE(HashList::open(tree / "changed.hashes").has_value()) << at;
  }
  tree.file("text.hashes", std::string(200, 'x'));
  const auto foreign = HashList::open(tree / "text.hashes");
  ASSERT_FALSE(foreign.has_value());
  EXPECT_THAT(foreign.error().message(), HasSubstr("text.hashes: no hash list of backscan"));
}

}  // namespace
}  // namespace backscan::external

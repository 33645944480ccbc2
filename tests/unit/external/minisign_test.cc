// Signatures that the program minisign made (tests/fixtures/packs), whole and tampered with.
#include "external/minisign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "unit/walk/temp_tree.h"

namespace backscan::external {
namespace {

using testing::HasSubstr;

std::string fixture(const std::string& name) {
  return std::string(BACKSCAN_SOURCE_DIR "/tests/fixtures/packs/") + name;
}

std::string text_of(const std::string& name) {
  std::ifstream in(fixture(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The `number`th line (from 0) of a signature file, changed by `change`.
template <typename Change>
std::string with_line(std::string text, int number, Change change) {
  std::size_t begin = 0;
  for (int i = 0; i < number; ++i) begin = text.find('\n', begin) + 1;
  const std::size_t end = text.find('\n', begin);
  std::string line = text.substr(begin, end - begin);
  change(line);
  return text.replace(begin, end - begin, line);
}

class Minisign : public testing::TestWithParam<const char*> {
 protected:
  [[nodiscard]] std::string reason(const std::string& message, const std::string& signature,
                                   const std::string& key = "made.pub") const {
    const auto read = read_public_key(fixture(key));
    if (!read) return read.error().message();
    const auto verified = verify_minisign(message, signature, *read, "s");
    return verified ? "" : verified.error().message();
  }
  const std::string pack_ = text_of("pack.tar.gz");
  const std::string signature_ = text_of(GetParam());
};

TEST_P(Minisign, AcceptsWhatMinisignSigned) {
  const auto key = read_public_key(fixture("made.pub"));
  ASSERT_TRUE(key.has_value());
  const auto verified = verify_minisign(pack_, signature_, *key, "s");
  ASSERT_TRUE(verified.has_value()) << verified.error().message();
  EXPECT_EQ(verified->trusted_comment, "pack of 2026-11-30");
  EXPECT_EQ(verified->key_id, key->id_text());
  EXPECT_THAT(text_of("made.pub"), HasSubstr(key->id_text()));
}

TEST_P(Minisign, RefusesEveryChangedBit) {
  for (std::size_t at = 0; at < pack_.size(); ++at) {
    std::string changed = pack_;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    ASSERT_NE(reason(changed, signature_), "") << at;
  }
  EXPECT_EQ(reason(pack_ + "x", signature_),
            "s: the signature is not over these contents: they were changed");
  EXPECT_NE(reason("", signature_), "");
}

TEST_P(Minisign, RefusesAnotherKey) {
  EXPECT_THAT(reason(pack_, signature_, "other.pub"), HasSubstr("s: signed with the key "));
}

TEST_P(Minisign, RefusesAChangedTrustedComment) {
  const std::string changed =
      with_line(signature_, 2, [](std::string& line) { line.back() = '1'; });
  EXPECT_EQ(reason(pack_, changed), "s: the trusted comment was changed");
}

TEST_P(Minisign, TheUntrustedCommentSaysNothing) {
  const std::string changed = with_line(
      signature_, 0, [](std::string& line) { line = "untrusted comment: whatever"; });
  EXPECT_EQ(reason(pack_, changed), "");
}

TEST_P(Minisign, RefusesTruncatedAndForeignSignatures) {
  for (std::size_t length = 0; length + 1 < signature_.size(); ++length)
    ASSERT_NE(reason(pack_, signature_.substr(0, length)), "") << length;
  EXPECT_EQ(reason(pack_, ""), "s: no signature of minisign: it has less than four lines");
  EXPECT_EQ(reason(pack_, signature_ + "more\n"), "s: no signature of minisign: it has more than four lines");
  const auto cut = [](std::string& line) { line.resize(line.size() - 4); };
  EXPECT_EQ(reason(pack_, with_line(signature_, 1, cut)), "s: the signature is cut short or no base64");
  EXPECT_EQ(reason(pack_, with_line(signature_, 3, cut)),
            "s: the signature of the trusted comment is cut short or no base64");
  EXPECT_EQ(reason(pack_, with_line(signature_, 1, [](std::string& line) { line[0] = 'X'; })),
            "s: the signature is of a kind that is not known");
}

TEST_P(Minisign, TheOtherKindOfTheSameSignatureIsRefused) {
  // "RW..." is Ed, "RU..." is ED: saying the other must not help anybody.
  const std::string other = with_line(signature_, 1, [](std::string& line) {
    line[1] = line[1] == 'W' ? 'U' : 'W';
  });
  EXPECT_NE(reason(pack_, other), "");
}

INSTANTIATE_TEST_SUITE_P(Kinds, Minisign,
                         testing::Values("pack.tar.gz.minisig", "pack.legacy.minisig"),
                         [](const auto& kind) {
                           return std::string(kind.param).find("legacy") == std::string::npos
                                      ? "Prehashed"
                                      : "Legacy";
                         });

TEST(MinisignKey, IsATextOrAFile) {
  const std::string file = text_of("made.pub");
  const std::string base64 = file.substr(file.find('\n') + 1, 56);
  const auto from_text = read_public_key(base64);
  ASSERT_TRUE(from_text.has_value()) << from_text.error().message();
  EXPECT_EQ(from_text->key, read_public_key(fixture("made.pub"))->key);
  EXPECT_THAT(read_public_key("/nonexistent.pub").error().message(), HasSubstr("No such file"));
  const testing_support::TempTree tree;
  tree.file("bad.pub", "untrusted comment: x\nRWQabc\n");
  EXPECT_EQ(read_public_key(tree / "bad.pub").error().message(),
            tree / "bad.pub" + ": no public key of minisign");
  tree.file("empty.pub");
  EXPECT_FALSE(read_public_key(tree / "empty.pub").has_value());
}

}  // namespace
}  // namespace backscan::external

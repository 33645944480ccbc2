// Lines of signature lists, good and bad.
#include "external/signature_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace backscan::external {
namespace {

constexpr const char* kMd5 = "5d41402abc4b2a76b9719d911017c592";  // of "hello"

HashSignature hash_of(std::string_view line) {
  const auto signature = read_signature(ListFormat::kHashes, line);
  return std::get<HashSignature>(signature.value().value());
}

std::string error_of(ListFormat format, std::string_view line) {
  const auto signature = read_signature(format, line);
  return signature ? "" : signature.error().message();
}

TEST(SignatureLine, ReadsHashesOfThreeKinds) {
  const std::string line = std::string(kMd5) + ":5:Php.Hello-1";
  const HashSignature md5 = hash_of(line);
  EXPECT_EQ(md5.kind, HashKind::kMd5);
  EXPECT_EQ(md5.digest, digest_of(HashKind::kMd5, "hello"));
  EXPECT_EQ(md5.size, 5u);
  EXPECT_EQ(md5.name, "Php.Hello-1");
  EXPECT_EQ(hash_of(std::string(40, 'A') + ":*:N:73").kind, HashKind::kSha1);
  EXPECT_EQ(hash_of(std::string(40, 'a') + ":*:N:73").size, kAnySize);
  EXPECT_EQ(hash_of(std::string(64, '0') + ":12:N").kind, HashKind::kSha256);
  EXPECT_EQ(hash_of(std::string(kMd5) + ":{MD5}php.old.1").size, kAnySize) << "LMD's older list";
}

TEST(SignatureLine, SkipsCommentsAndEmptyLines) {
  EXPECT_FALSE(read_signature(ListFormat::kHashes, "# a list").value().has_value());
  EXPECT_FALSE(read_signature(ListFormat::kHashes, " \r").value().has_value());
}

TEST(SignatureLine, SaysWhatIsWrong) {
  EXPECT_EQ(error_of(ListFormat::kHashes, "abc"), "not of the form HASH:SIZE:NAME");
  EXPECT_EQ(error_of(ListFormat::kHashes, "abcd:5:N"),
            "N: no MD5, SHA-1 or SHA-256 in hexadecimal digits");
  EXPECT_EQ(error_of(ListFormat::kHashes, std::string(kMd5) + ":-5:N"),
            "N: the size is neither a number nor *");
  EXPECT_EQ(error_of(ListFormat::kBodies, "N:0:*"), "N: not of the form NAME:TARGET:OFFSET:HEX");
  EXPECT_EQ(error_of(ListFormat::kHexes, "6576616c"), "not of the form HEX:NAME");
}

TEST(SignatureLine, ReadsBodies) {
  const auto signature = read_signature(ListFormat::kBodies, "{HEX}php.x.1:0:*:6576616c:90:255");
  const auto& body = std::get<BodySignature>(signature.value().value());
  EXPECT_EQ(body.name, "{HEX}php.x.1");
  EXPECT_EQ(body.target, "0");
  EXPECT_EQ(body.hex, "6576616c");
  const auto hex = read_signature(ListFormat::kHexes, "6576616c:php.x.1");
  EXPECT_EQ(std::get<BodySignature>(hex.value().value()).name, "php.x.1");
}

TEST(SignatureLine, KnowsFormatsByName) {
  EXPECT_EQ(format_of_name("/a/main.HDB"), ListFormat::kHashes);
  EXPECT_EQ(format_of_name("md5v2.dat"), ListFormat::kHashes);
  EXPECT_EQ(format_of_name("rfxn.ndb"), ListFormat::kBodies);
  EXPECT_EQ(format_of_name("hex.dat"), ListFormat::kHexes);
  EXPECT_FALSE(format_of_name("main.ldb").has_value());
  EXPECT_FALSE(format_of_name("main.cvd").has_value());
}

}  // namespace
}  // namespace backscan::external

#include "known/manifest.h"

#include <gtest/gtest.h>

namespace backscan::known {
namespace {

constexpr std::string_view kHead =
    R"({"type":"known-good","schema_version":1,"product":"Example","version":"1.2",)"
    R"("mark":{"path":"v.php","line":"$v = '1.2';"},"sealed":["lib/","bin/*"],"loose":["etc/","x.php"]})";

std::string reason(const auto& result) {
  return result ? "" : result.error().reason;
}

TEST(Manifest, IsReadAsItWasWritten) {
  Manifest manifest{.product = "Ex\"ample",
                    .version = "1.2",
                    .mark = {"v.php", "$v = \"1.2\";"},
                    .sealed = {"lib/"},
                    .loose = {"etc/"},
                    .files = {{.path = "a\xFF\n.php",
                               .size = 3,
                               .kind = HashKind::kSha256,
                               .digest = digest_of(HashKind::kSha256, "abc"),
                               .lines = "AAAA"},
                              {.path = "b.php",
                               .size = {},
                               .kind = HashKind::kMd5,
                               .digest = digest_of(HashKind::kMd5, "abc"),
                               .lines = {}}}};
  const std::string text = write_manifest(manifest);
  const std::size_t first = text.find('\n');
  const std::size_t second = text.find('\n', first + 1);
  const auto head = parse_head(text.substr(0, first));
  ASSERT_TRUE(head) << reason(head);
  EXPECT_EQ(head->title(), "Ex\"ample 1.2");
  EXPECT_EQ(head->mark.line, "$v = \"1.2\";");
  EXPECT_EQ(head->sealed, manifest.sealed);
  EXPECT_EQ(head->loose, manifest.loose);
  const auto a = parse_entry(text.substr(first + 1, second - first - 1));
  ASSERT_TRUE(a) << reason(a);
  EXPECT_EQ(a->path, "a\xFF\n.php");
  EXPECT_EQ(a->size, 3u);
  EXPECT_EQ(a->digest, manifest.files[0].digest);
  EXPECT_EQ(a->lines, "AAAA");
  const auto b = parse_entry(text.substr(second + 1));
  ASSERT_TRUE(b) << reason(b);
  EXPECT_EQ(b->kind, HashKind::kMd5);
  EXPECT_FALSE(b->size);
}

TEST(Manifest, SaysWhatIsWrongWithAHead) {
  EXPECT_TRUE(parse_head(kHead)) << reason(parse_head(kHead));
  EXPECT_EQ(reason(parse_head("{")), "not JSON");
  EXPECT_NE(reason(parse_head(R"({"type":"baseline","schema_version":1})")).find("known-good"),
            std::string::npos);
  EXPECT_EQ(reason(parse_head(R"({"type":"known-good","schema_version":1})")),
            "\"product\" is missing");
  EXPECT_EQ(reason(parse_head(R"({"type":"known-good","schema_version":1,"product":"x"})")),
            "\"mark\" is missing");
  EXPECT_EQ(
      reason(parse_head(
          R"({"type":"known-good","schema_version":1,"product":"x","mark":{"path":"/etc/x"}})")),
      "\"mark\": \"path\" is not below the root");
}

TEST(Manifest, SaysWhatIsWrongWithAnEntry) {
  EXPECT_EQ(reason(parse_entry("[]")), "\"path\" is missing");
  EXPECT_EQ(reason(parse_entry(R"({"path":"a"})")), "none of \"sha256\", \"sha1\" and \"md5\"");
  EXPECT_EQ(reason(parse_entry(R"({"path":"a","md5":"00"})")), "\"md5\" is no digest");
  EXPECT_EQ(reason(parse_entry(R"({"path":"a","path_base64":"*"})")),
            "\"path_base64\" is no base64");
  const std::string digest(64, 'a');
  EXPECT_TRUE(parse_entry(R"({"path":"a","sha256":")" + digest + "\"}"));
}

TEST(Manifest, PlacesAreTreesDirectoriesOrFiles) {
  const auto head = parse_head(kHead);
  ASSERT_TRUE(head);
  EXPECT_TRUE(lies_in(head->sealed, "lib/a/b.php"));
  EXPECT_TRUE(lies_in(head->sealed, "bin/a.php"));
  EXPECT_FALSE(lies_in(head->sealed, "bin/a/b.php"));
  EXPECT_FALSE(lies_in(head->sealed, "library/a.php"));
  EXPECT_TRUE(lies_in(head->loose, "x.php"));
  EXPECT_FALSE(lies_in(head->loose, "x.php5"));
}

}  // namespace
}  // namespace backscan::known

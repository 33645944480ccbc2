// What YARA rules find, where, and what becomes of a scan that takes too long.
#include "external/yara_scanner.h"

#include <gmock/gmock.h>

#include "unit/external/yara_files.h"

namespace backscan::external::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::chrono::milliseconds kLimit{10'000};

class YaraScannerTest : public YaraTest {
 protected:
  static std::vector<std::string> hits(const YaraRules& rules, const YaraInput& input) {
    YaraScanner scanner(rules);
    std::vector<std::string> texts;
    const YaraVerdict& verdict = scanner.scan(input, kLimit);
    EXPECT_EQ(verdict.failure, "");
    for (const YaraHit& hit : verdict.hits) {
      std::string text = rules.rules()[hit.rule].id;
      if (hit.has_place) text += ":" + std::to_string(hit.offset) + "+" + std::to_string(hit.length);
      texts.push_back(text);
    }
    return texts;
  }
  static YaraInput whole(std::string_view text) {
    return {.bytes = text, .size_bytes = text.size()};
  }
};

TEST_F(YaraScannerTest, TellsTheFirstPlaceOfAnyString) {
  const YaraRules rules = compile(
      "rule A { strings: $b = \"late\" $a = \"early\" condition: all of them }\n"
      "rule B { condition: filesize == 12 }\n"
      "rule C { strings: $a = \"none\" condition: $a }\n");
  EXPECT_THAT(hits(rules, whole("--early-late")),
              ElementsAre("external/rules.A:2+5", "external/rules.B"));
}

TEST_F(YaraScannerTest, GlobalRulesBindOnlyTheirOwnFile) {
  const auto rules = YaraRules::compile(
      {write("php.yar", "global private rule IsPhp { strings: $a = \"<?\" condition: $a }\n"
                        "rule Any { condition: true }"),
       write("all.yar", "rule Any { condition: true }")},
      {});
  ASSERT_TRUE(rules.has_value());
  EXPECT_THAT(hits(*rules, whole("text")), ElementsAre("external/all.Any"));
  EXPECT_THAT(hits(*rules, whole("<?")), ElementsAre("external/php.Any", "external/all.Any"));
}

TEST_F(YaraScannerTest, HeadAndTailStandAtTheirOwnOffsets) {
  const YaraRules rules = compile(
      "rule Tail { strings: $a = \"ending\" condition: $a at (filesize - 6) }\n"
      "rule Size { condition: filesize == 1000 }\n");
  EXPECT_THAT(hits(rules, {.bytes = "head", .tail = "the ending", .tail_offset = 990, .size_bytes = 1000}),
              ElementsAre("external/rules.Tail:994+6", "external/rules.Size"));
}

TEST_F(YaraScannerTest, AnEmptyFileIsAFile) {
  const YaraRules rules = compile("rule Empty { condition: filesize == 0 }");
  EXPECT_THAT(hits(rules, {}), ElementsAre("external/rules.Empty"));
}

TEST_F(YaraScannerTest, VariablesTellTheFilesPlace) {
  const YaraRules rules = compile(
      "rule A { condition: filename == \"a.php\" and extension == \".php\" and "
      "filepath contains \"/uploads/\" and filetype == \"PHP\" and owner == \"www-data\" }");
  YaraScanner scanner(rules);
  scanner.set_place({.filename = "a.php",
                     .filepath = "/srv/uploads/a.php",
                     .extension = ".php",
                     .filetype = "PHP",
                     .owner = "www-data"});
  EXPECT_EQ(scanner.scan(whole("x"), kLimit).hits.size(), 1u);
  scanner.set_place({.filename = "b.php"});
  EXPECT_THAT(scanner.scan(whole("x"), kLimit).hits, IsEmpty());
}

TEST_F(YaraScannerTest, WhatTakesTooLongIsToldAndTheNextFileIsScanned) {
  const YaraRules rules = compile("rule A { strings: $a = /a[ab]{100}c/ condition: $a }");
  YaraScanner scanner(rules);
  const std::string hostile(1 << 20, 'a');
  const YaraVerdict& late = scanner.scan(whole(hostile), std::chrono::milliseconds(0));
  EXPECT_TRUE(late.is_out_of_time);
  EXPECT_EQ(late.failure, "took too long");
  EXPECT_EQ(scanner.scan(whole("a" + std::string(100, 'b') + "c"), kLimit).hits.size(), 1u);
}

TEST_F(YaraScannerTest, MoreMatchesThanAreCountedAreTold) {
  const YaraRules rules = compile("rule A { strings: $a = \"aaaa\" condition: #a > 2000000 }");
  YaraScanner scanner(rules);
  const std::string many(1'200'000, 'a');
  const YaraVerdict& verdict = scanner.scan(whole(many), std::chrono::milliseconds(60'000));
  EXPECT_THAT(verdict.limited, ElementsAre("$a of external/rules.A"));
}

}  // namespace
}  // namespace backscan::external::testing

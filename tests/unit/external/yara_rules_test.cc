// Compiling YARA files: names, includes, errors.
#include "external/yara_rules.h"

#include <gmock/gmock.h>

#include "unit/external/yara_files.h"

namespace backscan::external::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using YaraRulesTest = YaraTest;

std::vector<std::string> ids_of(const YaraRules& rules) {
  std::vector<std::string> ids;
  for (const rules::RuleInfo& rule : rules.rules()) ids.push_back(rule.id);
  return ids;
}

TEST_F(YaraRulesTest, NamesRulesAfterTheirFileAndThemselves) {
  const auto rules = YaraRules::compile(
      {write("php-mail.yar", "rule Mailer { condition: true }"),
       write("more/php-mail.yara", "rule Mailer { condition: true }")},
      {});
  ASSERT_TRUE(rules.has_value());
  EXPECT_THAT(ids_of(*rules), ElementsAre("external/php_mail.Mailer", "external/php_mail_2.Mailer"));
  EXPECT_EQ(rules->rules()[0].rule_class, "external");
}

TEST_F(YaraRulesTest, ErrorsNameFileLineAndReason) {
  const std::string file = write("bad.yar", "rule a {\n  strings:\n    $a = \"x\"\n  condition:\n    $b and $a\n}\n");
  EXPECT_THAT(errors(file), ElementsAre("bad.yar:5: undefined string \"$b\""));
  EXPECT_THAT(errors(tree / "none.yar"), ElementsAre("none.yar: No such file or directory"));
  EXPECT_THAT(errors(tree.path()), ElementsAre(HasSubstr("Is a directory")));
}

TEST_F(YaraRulesTest, IncludesComeFromTheFilesDirectoryAndBelow) {
  write("list/white.yar", "include \"deeper/inner.yar\"\nprivate rule White { condition: Inner }");
  write("list/deeper/inner.yar", "private rule Inner { condition: filesize < 3 }");
  EXPECT_THAT(errors(write("list/main.yar", "include \"white.yar\"\nrule a { condition: not White }")),
              IsEmpty());
}

TEST_F(YaraRulesTest, IncludesFromElsewhereAreRefused) {
  write("secret.yar", "rule Secret { condition: true }");
  tree.directory("list");
  const std::string out = write("list/out.yar", "include \"../secret.yar\"\n");
  EXPECT_THAT(errors(out), ElementsAre(HasSubstr("lies outside of"), HasSubstr("out.yar:1")));
  tree.symlink("../secret.yar", "list/link.yar");
  EXPECT_THAT(errors(write("list/by-link.yar", "include \"link.yar\"\n")),
              ::testing::Contains(HasSubstr("lies outside of")));
  EXPECT_THAT(errors(write("list/absolute.yar", "include \"/etc/hostname\"\n")),
              ::testing::Not(IsEmpty()));
  EXPECT_THAT(errors(write("list/missing.yar", "include \"nothing.yar\"\n")),
              ::testing::Contains(HasSubstr("No such file")));
}

TEST_F(YaraRulesTest, PrivateAndUnwantedRulesStaySilent) {
  const YaraRules rules = compile(
      "private rule P { condition: true }\n"
      "rule Low { meta: severity = \"low\" condition: true }\n"
      "rule High { meta: severity = \"high\" condition: true }\n",
      {.min_severity = Severity::kMedium});
  ASSERT_EQ(rules.rules().size(), 3u);
  EXPECT_FALSE(rules.is_wanted(0));
  EXPECT_FALSE(rules.is_wanted(1));
  EXPECT_TRUE(rules.is_wanted(2));
}

TEST_F(YaraRulesTest, DigestFollowsEveryFileThatWasRead) {
  const std::string file = write("main.yar", "include \"inner.yar\"\n");
  write("inner.yar", "rule a { condition: true }");
  const auto before = YaraRules::compile({file}, {});
  write("inner.yar", "rule a { condition: false }");
  const auto after = YaraRules::compile({file}, {});
  ASSERT_TRUE(before && after);
  EXPECT_NE(before->digest(), after->digest());
}

TEST_F(YaraRulesTest, KnowsWhetherRulesLookAtPlaces) {
  EXPECT_FALSE(compile("rule a { condition: filesize == 3 }").looks_at_place());
  EXPECT_TRUE(compile("rule a { condition: filename == \"x.php\" }").looks_at_place());
}

}  // namespace
}  // namespace backscan::external::testing

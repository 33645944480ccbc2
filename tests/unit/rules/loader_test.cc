// Every way a rule file can be wrong, and that each is told with file, line and reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/rule_reader.h"
#include "unit/rules/rule_dir.h"

namespace backscan::rules::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr std::string_view kGood =
    "id: mailer/good\n"
    "title: A good rule\n"
    "class: mailer\n"
    "severity: high\n"
    "confidence: medium\n"
    "status: stable\n"
    "causes: [spam, bounce]\n"
    "when:\n"
    "  all:\n"
    "    - raw: 'mail\\('\n"
    "    - not: { fact: mail.guard.login }\n"
    "message: The recipient of {sink} comes from {source}.\n"
    "remedy: Remove it.\n"
    "references: [CWE-93]\n"
    "false_positives: None known.\n"
    "author: a person\n"
    "date: 2026-11-24\n";

TEST(Loader, ReadsEveryField) {
  RuleDir dir;
  dir.write("mailer/good.yaml", kGood);
  const RuleSet rules = dir.load();
  ASSERT_EQ(rules.rules().size(), 1u);
  const RuleInfo& rule = rules.rules()[0];
  EXPECT_EQ(rule.id, "mailer/good");
  EXPECT_EQ(rule.title, "A good rule");
  EXPECT_EQ(rule.rule_class, "mailer");
  EXPECT_EQ(rule.severity, Severity::kHigh);
  EXPECT_EQ(rule.confidence, Confidence::kMedium);
  EXPECT_EQ(rule.status, "stable");
  EXPECT_THAT(rule.causes, ElementsAre(Cause::kSpam, Cause::kBounce));
  EXPECT_EQ(rule.remedy, "Remove it.");
  EXPECT_THAT(rule.references, ElementsAre("CWE-93"));
  EXPECT_EQ(rule.date, "2026-11-24");
  EXPECT_THAT(rule.file, HasSubstr("mailer/good.yaml"));
}

TEST(Loader, TellsEveryErrorOfAFileWithItsLine) {
  RuleDir dir;
  dir.write("mailer/bad.yaml",
            "id: mailer/other\n"
            "title: [a, b]\n"
            "class: mailers\n"
            "severity: grave\n"
            "confidence: high\n"
            "causes: [spam, rain]\n"
            "colour: red\n"
            "when:\n"
            "  any:\n"
            "    - raw: 'a('\n"
            "    - fact: mail.recipient.reqest\n"
            "    - codes: x\n"
            "date: 24.11.2026\n");
  EXPECT_THAT(
      dir.errors(),
      ElementsAre(
          "mailer/bad.yaml:7: rule: unknown key 'colour'",
          "mailer/bad.yaml:1: id 'mailer/other' does not fit the path: 'mailer/bad' expected",
          "mailer/bad.yaml:2: 'title' must be a text",
          HasSubstr("mailer/bad.yaml:3: class 'mailers' is none of: mailer,"),
          HasSubstr("mailer/bad.yaml:3: class 'mailers' does not fit the path"),
          HasSubstr("mailer/bad.yaml:4: severity 'grave' is none of: info, low"),
          HasSubstr("mailer/bad.yaml:6: causes 'rain' is none of"),
          "mailer/bad.yaml:13: date must be YYYY-MM-DD",
          HasSubstr("mailer/bad.yaml:10: pattern 'a(': missing )"),
          "mailer/bad.yaml:11: unknown fact 'mail.recipient.reqest'",
          "mailer/bad.yaml:12: condition: unknown key 'codes'"));
}

TEST(Loader, TellsErrorsOfSeveralFilesAtOnce) {
  RuleDir dir;
  dir.add("mailer/one", "{ raw: '(' }");
  dir.add("mailer/two", "{ raw: ')' }");
  EXPECT_EQ(dir.errors().size(), 2u);
}

struct WhenCase {
  const char* when;
  const char* reason;
};
void PrintTo(const WhenCase& one, std::ostream* out) {
  *out << one.when;
}

class LoaderWhen : public ::testing::TestWithParam<WhenCase> {};

TEST_P(LoaderWhen, IsRefusedWithItsReason) {
  RuleDir dir;
  dir.add("mailer/x", GetParam().when);
  EXPECT_THAT(dir.errors(),
              Contains(AllOf(StartsWith("mailer/x.yaml:"), HasSubstr(GetParam().reason))))
      << GetParam().when;
}

INSTANTIATE_TEST_SUITE_P(
    Bad, LoaderWhen,
    ::testing::Values(
        WhenCase{"text", "condition must be a mapping"},
        WhenCase{"", "condition must be a mapping"}, WhenCase{"[]", "condition must be a mapping"},
        WhenCase{"{ raw: aaaa, code: bbbb }", "exactly one key"}, WhenCase{"{}", "exactly one key"},
        WhenCase{"{ all: [] }", "'all' must be a list"},
        WhenCase{"{ any: { raw: aaaa } }", "'any' must be a list"},
        WhenCase{"{ not: [ { raw: aaaa } ] }", "condition must be a mapping"},
        WhenCase{"{ raw: [aaaa] }", "'raw' must be a pattern"},
        WhenCase{"{ raw: '' }", "'raw' must be a pattern"},
        WhenCase{"{ raw: 'x*' }", "matches the empty text"},
        WhenCase{"{ raw: '(?=x)y' }", "pattern '(?=x)y': invalid perl operator"},
        WhenCase{"{ raw: '(a)\\1' }", "invalid escape sequence"},
        WhenCase{"{ raw: 'a{1001}' }", "invalid repetition size"},
        WhenCase{"{ at_least: { of: [ { raw: aaaa } ] } }", "missing key 'n'"},
        WhenCase{"{ at_least: { n: 1 } }", "missing key 'of'"},
        WhenCase{"{ at_least: { n: 2, of: [ { raw: aaaa } ] } }", "'n' is more than"},
        WhenCase{"{ at_least: { n: -1, of: [ { raw: aaaa } ] } }", "'n' must be a number"},
        WhenCase{"{ near: { bytes: 10, of: [ { raw: aaaa } ] } }", "two or more patterns"},
        WhenCase{"{ near: { bytes: 10, of: [ { raw: aaaa }, { code: bbbb } ] } }", "of one view"},
        WhenCase{"{ near: { bytes: 0, of: [ { raw: aaaa }, { raw: bbbb } ] } }", "'bytes' must be"},
        WhenCase{"{ near: { bytes: 9 } }", "missing key 'of'"},
        WhenCase{"{ count: { min: 2, of: { path: aaaa } } }", "one pattern or one fact"},
        WhenCase{"{ count: { min: 2 } }", "missing key 'of'"},
        WhenCase{"{ count: { min: 5000, of: { raw: aaaa } } }", "from 1 to 1000"},
        WhenCase{"{ count: { min: 2, off: { raw: aaaa } } }", "unknown key 'off'"},
        WhenCase{"{ size: {} }", "give 'min', 'max' or both"},
        WhenCase{"{ size: { min: 10, max: 5 } }", "'min' is more than 'max'"},
        WhenCase{"{ size: { min: ten } }", "'min' must be a number"},
        WhenCase{"{ fact: [mail.sink] }", "'fact' must be the name of a fact"}));

TEST(Loader, RefusesWhatIsNotYaml) {
  RuleDir dir;
  dir.write("mailer/a.yaml", "id: mailer/a\ntitle: [open\n");
  EXPECT_THAT(dir.errors(), ElementsAre(HasSubstr("not YAML")));
  dir.write("mailer/a.yaml", "");
  EXPECT_THAT(dir.errors(), ElementsAre(HasSubstr("the file is empty")));
  dir.write("mailer/a.yaml", "a: 1\n---\nb: 2\n");
  EXPECT_THAT(dir.errors(), ElementsAre(HasSubstr("one document a file")));
  dir.write("mailer/a.yaml", std::string(70'000, '#'));
  EXPECT_THAT(dir.errors(), ElementsAre(HasSubstr("larger than 65536 bytes")));
}

TEST(Loader, RefusesACommaBehindTheDocument) {
  RuleDir dir;
  dir.write("mailer/comma.yaml", "'a','b',");
  EXPECT_THAT(dir.errors(), ElementsAre(HasSubstr("one document a file")));
}

TEST(Loader, RefusesDoubledKeys) {
  RuleDir dir;
  dir.add("mailer/a", "{ raw: aaaa }", "severity: low\n");
  EXPECT_THAT(dir.errors(), ElementsAre(HasSubstr("key 'severity' stands twice")));
}

TEST(Loader, RefusesTreesThatAreTooDeepOrTooLarge) {
  RuleDir dir;
  std::string deep = "{ raw: aaaa }";
  for (int i = 0; i < 30; ++i) deep = "{ not: " + deep + " }";
  dir.add("mailer/a", deep);
  EXPECT_THAT(dir.errors(), ElementsAre(HasSubstr("more than 400 conditions or more than 12")));
  std::string wide = "{ any: [ { raw: aaaa }";
  for (int i = 0; i < 1000; ++i) wide += ", { raw: aaaa }";
  dir.add("mailer/a", wide + " ] }");
  EXPECT_THAT(dir.errors(), ElementsAre(HasSubstr("more than 400 conditions")));
}

TEST(Loader, DoesNotUnrollAliasesWithoutBound) {
  RuleDir dir;
  std::string bomb = "when: &a0 { raw: aaaa }\n";
  std::string all = "{ any: [ &b0 { any: [ { raw: aaaa }, { raw: bbbb } ] }";
  for (int i = 1; i < 10; ++i) {
    const std::string last = "*b" + std::to_string(i - 1);
    all += ", &b" + std::to_string(i) + " { any: [ " + last;
    for (int j = 0; j < 20; ++j) all += ", " + last;
    all += " ] }";
  }
  dir.add("mailer/a", all + " ] }");
  EXPECT_THAT(dir.errors(), ElementsAre(HasSubstr("more than 400 conditions")));
}

TEST(Loader, RefusesMisplacedFiles) {
  RuleDir dir;
  dir.write("stray.yaml", kGood);
  dir.write("spam/a.yaml", kGood);
  dir.write("mailer/deeper/a.yaml", kGood);
  dir.write("mailer/a.yml", kGood);
  dir.write("dnsbl/zones.yaml", "zones: []\n");
  dir.write("README.md", "text\n");
  EXPECT_THAT(dir.errors(),
              ElementsAre("mailer/a.yml:1: the name of a rule file ends in .yaml",
                          "mailer/deeper:1: rules lie at <class>/<name>.yaml, not deeper",
                          HasSubstr("spam:1: no rule class"),
                          "stray.yaml:1: rules lie at <class>/<name>.yaml"));
}

TEST(Loader, NamesAMissingDirectory) {
  const auto rules = RuleSet::load({.directories = {"/nonexistent/rules"}});
  ASSERT_FALSE(rules.has_value());
  EXPECT_EQ(rules.error()[0].message(), "/nonexistent/rules: No such file or directory");
}

TEST(Loader, RefusesUnknownPlaceholders) {
  RuleDir dir;
  dir.add("mailer/a", "{ raw: aaaa }", "message: 'From {sourc} to {sink}'\n");
  EXPECT_THAT(dir.errors(), ElementsAre(HasSubstr("message: '{' begins none of: {sink}")));
}

// The title is the message where there is none.
TEST(Loader, RefusesUnknownPlaceholdersOfATitle) {
  const RuleSource source{
      .file = "a.yaml", .id = "mailer/a", .text = "id: mailer/a\ntitle: Of {x}\n"};
  std::vector<Error> errors;
  EXPECT_FALSE(read_rule(source, errors).has_value());
  EXPECT_THAT(errors,
              ::testing::Contains(::testing::Property(
                  &Error::message, HasSubstr("a.yaml:2: message: '{' begins none of: {sink}"))));
}

TEST(Loader, LaterDirectoriesReplaceRulesOfTheSameId) {
  RuleDir first;
  RuleDir second;
  first.add("mailer/a", "{ raw: aaaa }");
  first.add("mailer/b", "{ raw: bbbb }");
  second.add("mailer/a", "{ raw: cccc }");
  const RuleSet rules = RuleDir::load({.directories = {first.path(), second.path()}});
  EXPECT_THAT(ids_of(rules, match_raw(rules, "aaaa")), IsEmpty());
  EXPECT_THAT(ids_of(rules, match_raw(rules, "bbbb cccc")), ElementsAre("mailer/b", "mailer/a"));
}

TEST(Loader, ChoosesRulesByIdClassGlobSeverityAndConfidence) {
  RuleDir dir;
  dir.add("mailer/ab", "{ raw: aaaa }");
  dir.add("mailer/ac", "{ raw: aaaa }");
  dir.add("webshell/ab", "{ raw: aaaa }");
  const auto chosen = [&](LoadOptions options) {
    options.directories = {dir.path()};
    const RuleSet rules = RuleDir::load(options);
    std::vector<std::string> ids;
    for (const RuleInfo& rule : rules.rules()) ids.push_back(rule.id);
    return ids;
  };
  EXPECT_THAT(chosen({.only = {"mailer"}}), ElementsAre("mailer/ab", "mailer/ac"));
  EXPECT_THAT(chosen({.only = {"mailer/ac", "webshell/*"}}),
              ElementsAre("mailer/ac", "webshell/ab"));
  EXPECT_THAT(chosen({.skip = {"mailer/*c"}}), ElementsAre("mailer/ab", "webshell/ab"));
  EXPECT_THAT(chosen({.min_severity = Severity::kCritical}), IsEmpty());
  EXPECT_EQ(chosen({.min_severity = Severity::kHigh}).size(), 3u);
  const auto unknown = RuleSet::load({.directories = {dir.path()}, .only = {"maler"}});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error()[0].message(), "maler: no rule or class of this name");
}

TEST(Loader, VersionChangesWithContentAndChoiceOnly) {
  RuleDir a;
  RuleDir b;
  a.add("mailer/a", "{ raw: aaaa }");
  b.add("mailer/a", "{ raw: aaaa }");
  EXPECT_EQ(a.load().version(), b.load().version());
  EXPECT_EQ(a.load().version().size(), 32u);
  EXPECT_NE(RuleDir::load({.directories = {a.path()}, .only = {"mailer"}}).version(),
            a.load().version());
  b.add("mailer/a", "{ raw: aaab }");
  EXPECT_NE(a.load().version(), b.load().version());
}

}  // namespace
}  // namespace backscan::rules::testing

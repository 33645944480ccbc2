// `backscan rules …` in process: output and exit codes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/cli.h"
#include "unit/rules/rule_dir.h"

namespace backscan::rules::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

Ran run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"backscan", "rules"});
  std::vector<const char*> argv;
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  std::ostringstream out;
  std::ostringstream err;
  const int code = cli::run(static_cast<int>(argv.size()), argv.data(), {.out = out, .err = err});
  return {code, out.str(), err.str()};
}

constexpr const char* kComplete =
    "message: m\nremedy: r\nfalse_positives: f\nreferences: [CWE-1]\ncauses: [spam]\n"
    "author: a\ndate: 2026-11-24\n";

TEST(RulesCommand, ListsRulesAsTextAndJson) {
  RuleDir dir;
  dir.add("mailer/x", "{ raw: gzinflate }", kComplete);
  dir.add("webshell/y", "{ raw: gzdeflate }", kComplete);
  const Ran text = run({"list", "--no-default-rules", "--rules", dir.path()});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_EQ(text.out,
            "mailer/x    high      high    test          T\n"
            "webshell/y  high      high    test          T\n");
  const Ran json = run({"list", "--no-default-rules", "--rules", dir.path(), "--class", "webshell",
                        "--format", "json"});
  const auto list = nlohmann::json::parse(json.out);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0]["id"], "webshell/y");
  EXPECT_EQ(list[0]["causes"][0], "spam");
}

TEST(RulesCommand, ShowsOneRuleOrSaysThatThereIsNone) {
  RuleDir dir;
  dir.add("mailer/x", "{ raw: gzinflate }", kComplete);
  const Ran shown = run({"show", "--no-default-rules", "--rules", dir.path(), "mailer/x"});
  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.out, HasSubstr("when: { raw: gzinflate }\n"));
  const Ran missing = run({"show", "--no-default-rules", "--rules", dir.path(), "mailer/y"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_EQ(missing.err, "backscan: mailer/y: no rule of this id\n");
}

TEST(RulesCommand, CheckExitsTwoForBrokenRulesWithFileAndLine) {
  RuleDir dir;
  dir.add("mailer/x", "{ raw: 'gz(' }", kComplete);
  const Ran ran = run({"check", dir.path()});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, StartsWith("backscan: " + dir.path() + "/mailer/x.yaml:13: pattern 'gz('"));
  EXPECT_THAT(ran.out, IsEmpty());
}

TEST(RulesCommand, CheckExitsOneForThingsToMendAndZeroForNone) {
  RuleDir dir;
  dir.add("mailer/x", "{ raw: gz }", kComplete);
  const Ran weak = run({"check", dir.path()});
  EXPECT_EQ(weak.code, 1);
  EXPECT_THAT(weak.out, HasSubstr("mailer/x.yaml:13: would be judged for most files"));
  dir.add("mailer/x", "{ raw: gzinflate }", kComplete);
  EXPECT_EQ(run({"check", dir.path()}).code, 0);
}

TEST(RulesCommand, TestRunsFixturesAndNamesWhatFails) {
  RuleDir dir;
  RuleDir fixtures;
  dir.add("mailer/x", "{ raw: 'gzinflate\\(' }", kComplete);
  fixtures.write("mailer/x.php",
                 "<?php\n// hit: mailer/x\ngzinflate($a);\n// ok: mailer/x\ngzinflate_it($a);\n");
  const Ran good = run({"test", dir.path(), "--fixtures", fixtures.path()});
  EXPECT_EQ(good.code, 0) << good.out << good.err;
  EXPECT_EQ(good.out, "1 rules, 1 fixtures, 2 annotations: 0 failed, 0 known gaps\n");
  fixtures.write("mailer/x.php", "<?php\n// hit: mailer/x\ngzinflat($a);\n");
  const Ran bad = run({"test", dir.path(), "--fixtures", fixtures.path()});
  EXPECT_EQ(bad.code, 1);
  EXPECT_THAT(bad.out, HasSubstr("mailer/x.php:3: mailer/x does not fire\n"));
  EXPECT_THAT(bad.out, HasSubstr("no fixture says 'ok: mailer/x'\n"));
}

TEST(RulesCommand, TestWithoutFixturesIsAnError) {
  RuleDir dir;
  dir.add("mailer/x", "{ raw: gzinflate }", kComplete);
  EXPECT_EQ(run({"test", dir.path()}).code, 2);
  EXPECT_EQ(run({"test", dir.path(), "--fixtures", "/nonexistent"}).code, 2);
}

TEST(RulesCommand, TestOnACleanTreeNamesWhatFires) {
  RuleDir dir;
  dir.add("mailer/x", "{ raw: gzinflate }", kComplete);
  RuleDir honest;
  honest.add("webshell/y", "{ raw: gzinflate }", kComplete);  // any file that holds the word
  const Ran ran = run({"test", dir.path(), "--clean", honest.path()});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, StartsWith("mailer/x (high): 1 findings in 1 files\n"));
  EXPECT_THAT(ran.out, HasSubstr("webshell/y.yaml (1)\n"));
}

TEST(RulesCommand, StatsCountsPerRule) {
  RuleDir dir;
  dir.add("mailer/x", "{ raw: gzinflate }", kComplete);
  dir.add("webshell/y", "{ raw: never_there }", kComplete);
  const Ran ran = run({"stats", dir.path(), "--on", dir.path() + "/mailer"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("mailer/x    high      test          2026-11-24      1         1"));
  EXPECT_THAT(ran.out, HasSubstr("webshell/y  high      test          2026-11-24      0         0"));
}

TEST(RulesCommand, StatsTellsCandidatesPerMatch) {
  RuleDir dir;
  dir.add("mailer/x", "{ all: [ { raw: gzinflate_it }, { raw: 'x{3}' } ] }", kComplete);
  dir.add("webshell/y", "{ raw: never_there }", kComplete);
  RuleDir tree;
  tree.write("a.php", "<?php gzinflate_it('xxx');");
  tree.write("b.php", "<?php gzinflate_it('xx');");
  tree.write("c/b.php", "<?php gzinflate_it('xx');");  // a copy counts, too
  tree.write("d.php", "<?php echo 'xxx';");
  const Ran text = run({"stats", dir.path(), "--on", tree.path()});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("candidates  per match\n"));
  EXPECT_THAT(text.out, HasSubstr("           3        3.0\n"));
  const Ran json = run({"stats", dir.path(), "--on", tree.path(), "-f", "json"});
  const auto stats = nlohmann::json::parse(json.out);
  EXPECT_EQ(stats["files"], 4);
  EXPECT_EQ(stats["rules"][0]["rule"], "mailer/x");
  EXPECT_EQ(stats["rules"][0]["candidates"], 3);
  EXPECT_EQ(stats["rules"][0]["confirmed"], 1);
  EXPECT_EQ(stats["rules"][0]["candidates_per_match"], 3.0);
  EXPECT_EQ(stats["rules"][0]["changed"], "2026-11-24");
  EXPECT_TRUE(stats["rules"][1]["candidates_per_match"].is_null());
  EXPECT_TRUE(stats["rules"][1]["cpu_ms"].is_null());
}

TEST(RulesCommand, StatsRefusesRulesThatAreCandidatesTooOften) {
  RuleDir dir;
  dir.add("mailer/x", "{ all: [ { raw: gzinflate_it }, { raw: 'x{3}' } ] }", kComplete);
  RuleDir tree;
  tree.write("a.php", "<?php gzinflate_it('xx');");
  tree.write("b.php", "<?php echo 'xxx';");
  EXPECT_EQ(run({"stats", dir.path(), "--on", tree.path(), "--max-candidates", "50"}).code, 0);
  const Ran often = run({"stats", dir.path(), "--on", tree.path(), "--max-candidates", "49"});
  EXPECT_EQ(often.code, 1);
  EXPECT_THAT(often.err, HasSubstr("mailer/x: is judged for 50.00 % of 2 files, more than 49 %"));
  EXPECT_EQ(run({"stats", dir.path(), "--on", tree.path(), "--max-candidates", "x"}).code, 2);
}

}  // namespace
}  // namespace backscan::rules::testing

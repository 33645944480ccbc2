// `backscan rules explain`: what was seen at a line, and why a rule stayed silent there.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli_fixture.h"

namespace backscan::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class RulesExplain : public CliTest {
 protected:
  void add_rule(const std::string& name, const std::string& when) {
    write("rules/mailer/" + name + ".yaml",
          "id: mailer/" + name + "\ntitle: Made rule\nclass: mailer\nseverity: high\n"
          "confidence: high\nstatus: stable\ncauses: [spam]\nwhen:\n" + when +
          "message: Made.\nremedy: None.\nreferences: []\nfalse_positives: None.\nauthor: tests\n"
          "date: 2026-11-24\n");
  }
  Outcome explain(std::vector<std::string> arguments) {
    const std::vector<std::string> own = {"rules", "explain", "--no-default-rules", "--rules", rules_};
    arguments.insert(arguments.begin(), own.begin(), own.end());
    return run(arguments);
  }
  json judged(const std::string& target, const std::string& rule) {
    const Outcome outcome = explain({"--json", "--rule", rule, target});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return json::parse(outcome.out)["judged"][0];
  }
};

TEST_F(RulesExplain, ShowsViewsFactsAndRulesOfTheLine) {
  const std::string file =
      write("form.php", "<?php\n// inert_marker_high\nmail($_POST['to'], \"H\\x69\", 'x');\n");
  const Outcome outcome = explain({file + ":3"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("form.php:3\n"));
  EXPECT_THAT(outcome.out, HasSubstr("opened: raw, code, text, flow; 0 layers unpacked"));
  EXPECT_THAT(outcome.out, HasSubstr("  code: mail($_POST['to'],'Hi','x');"));
  EXPECT_THAT(outcome.out, HasSubstr("  text: to\\nHi\\nx\\n"));
  EXPECT_THAT(outcome.out, HasSubstr("mail.recipient.request mail() from $_POST['to']"));
  EXPECT_THAT(outcome.out, HasSubstr("nothing fired here\nfired elsewhere\n  mailer/made-high (high), line 2\n"));
  EXPECT_THAT(explain({file + ":2"}).out, HasSubstr("fired here\n  mailer/made-high (high), line 2\n"));
}

TEST_F(RulesExplain, NamesTheConditionThatIsMissing) {
  add_rule("pair", "  all:\n    - raw: mail\\(\n    - raw: needle_word\n    - fact: mail.loop\n");
  const std::string file = write("a.php", "<?php\nmail('a@example.com', 'b', 'c');\n");
  const Outcome outcome = explain({file + ":2"});
  EXPECT_THAT(outcome.out, HasSubstr("did not fire, nearest first\n  mailer/pair\n    no   all (1 of 3 hold)\n"));
  EXPECT_THAT(outcome.out, HasSubstr("      yes  raw: mail\\( (matches) line 2\n"));
  EXPECT_THAT(outcome.out, HasSubstr("its literal 'needle_word' is nowhere in this view"));
  EXPECT_THAT(outcome.out, HasSubstr("      no   fact: mail.loop (missing)\n"));
}

TEST_F(RulesExplain, SaysWhichExclusionMatched) {
  add_rule("unless", "  all:\n    - raw: mail\\(\n    - not: {raw: inert_guard}\n");
  const std::string file = write("b.php", "<?php // inert_guard\nmail('a@example.com', 'b', 'c');\n");
  const json rule = judged(file + ":2", "mailer/unless");
  EXPECT_EQ(rule["fired"], false);
  const json& exclusion = rule["when"]["children"][1];
  EXPECT_EQ(exclusion["holds"], false);
  EXPECT_EQ(exclusion["why"], "excluded: this holds");
  EXPECT_EQ(exclusion["children"][0]["places"][0]["line"], 1);
}

TEST_F(RulesExplain, SaysThatAViewWasNotMade) {
  add_rule("code", "  code: echo'a plain word'\n");
  const std::string plain = write("c.txt", "No PHP stands here.\n");
  EXPECT_THAT(judged(plain, "mailer/code")["when"]["why"].get<std::string>(),
              HasSubstr("no PHP open tag: the view was not made"));
}

TEST_F(RulesExplain, SaysThatThePathDoesNotFit) {
  add_rule("path", "  all:\n    - raw: inert_marker\n    - path: ^uploads/\n");
  const std::string file = write("tree/uploads/d.php", "<?php // inert_marker\n");
  EXPECT_EQ(judged(file, "mailer/path")["when"]["children"][1]["why"], "the path is d.php");
  const Outcome rooted =
      explain({"--json", "--rule", "mailer/path", "--root", path("tree"), file});
  EXPECT_EQ(json::parse(rooted.out)["judged"][0]["fired"], true);
}

TEST_F(RulesExplain, LooksIntoUnpackedLayers) {
  add_rule("layer", "  unpacked: inert_inner\n");
  const std::string file = write("e.php", "<?php\neval(base64_decode('" +
                                              base64_encode("echo 'inert_inner';") + "'));\n");
  const json document = json::parse(explain({"--json", file + ":2"}).out);
  EXPECT_EQ(document["layers"], 1);
  EXPECT_EQ(document["fired"][0]["rule"], "mailer/layer");
  EXPECT_EQ(document["fired"][0]["here"], true);
  EXPECT_THAT(document["seen"].dump(), HasSubstr("inert_inner"));
  EXPECT_EQ(judged(write("f.php", "<?php echo 1;\n"), "mailer/layer")["when"]["why"],
            "nothing was unpacked from this file");
}

TEST_F(RulesExplain, AgreesWithTheEngineOnEveryRuleThatFired) {
  add_rule("many", "  any:\n    - near: {bytes: 40, of: [{raw: one_word}, {raw: two_word}]}\n"
                   "    - count: {min: 3, of: {raw: three_word}}\n");
  const std::string near = write("g.php", "<?php // one_word two_word\n");
  const std::string far = write("h.php", "<?php // one_word " + std::string(80, '.') + " two_word\n");
  EXPECT_EQ(judged(near, "mailer/many")["fired"], true);
  EXPECT_EQ(judged(near, "mailer/many")["when"]["holds"], true);
  const json apart = judged(far, "mailer/many");
  EXPECT_EQ(apart["when"]["holds"], false);
  EXPECT_EQ(apart["when"]["children"][0]["why"], "they match, but too far from each other");
  EXPECT_EQ(apart["when"]["children"][1]["why"], "0 seen");
}

TEST_F(RulesExplain, RefusesWhatItCannotExplain) {
  EXPECT_EQ(explain({path("missing.php") + ":1"}).code, 2);
  const Outcome unknown = explain({"--rule", "mailer/none", site_ + "/clean.php"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_EQ(unknown.err, "backscan: mailer/none: no rule of this id\n");
  EXPECT_EQ(explain({"--root", rules_, site_ + "/clean.php"}).code, 2);
  EXPECT_EQ(explain({site_ + "/clean.php:99"}).code, 0) << "a line that is not there holds nothing";
}

}  // namespace
}  // namespace backscan::test

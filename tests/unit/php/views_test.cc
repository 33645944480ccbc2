#include "php/views.h"

#include <gtest/gtest.h>

#include <string>

namespace backscan::php {
namespace {

CodeViews views_of(std::string_view source) {
  CodeViews views;
  build_views(source, LexOptions{}, views);
  // Both ways in must agree: they share the builder, but not the feeding.
  std::vector<Token> tokens;
  lex(source, {}, tokens);
  CodeViews from_tokens;
  build_views(source, std::span<const Token>(tokens), from_tokens);
  EXPECT_EQ(views.code, from_tokens.code);
  EXPECT_EQ(views.text, from_tokens.text);
  return views;
}

/// Code view of a script, without the open tag that all begin with.
std::string code(std::string_view script) {
  const std::string view = views_of("<?php " + std::string(script)).code;
  EXPECT_EQ(view.substr(0, 2), "<?");
  return view.substr(2);
}

std::string text(std::string_view script) {
  return views_of("<?php " + std::string(script)).text;
}

TEST(CodeView, DropsCommentsWhiteSpaceAndHtml) {
  EXPECT_EQ(code("/* a */ if ( $a == 1 ) { // b\n  # c\n return  $b ; }"), "if($a==1){return$b;}");
  EXPECT_EQ(views_of("<p><?php a() ?>x<b>\n<?= $c ?></p>").code, "<?a()?><?echo$c?>");
  EXPECT_EQ(views_of("<p>no PHP here</p>").code, "");
}

TEST(CodeView, KeepsOneSpaceBetweenWordsOnly) {
  EXPECT_EQ(code("new\n Foo ; function /*x*/ bar ( ) { yield  from 1 and 2; }"),
            "new foo;function bar(){yield from 1 and 2;}");
  EXPECT_EQ(code("echo 'a', \"b\" ;"), "echo'a','b';");
}

TEST(CodeView, LowersEveryWordButVariables) {
  EXPECT_EQ(code("If (STRTOLOWER($Ab) === PHP_EOL) Foo::Bar($this->Baz, 0X1F);"),
            "if(strtolower($Ab)===php_eol)foo::bar($this->baz,0x1f);");
  EXPECT_EQ(code("( INT ) $x; \\MAIL(); \\A\\B(); namespace\\C();"),
            "(int)$x;mail();\\a\\b();namespace\\c();");
  EXPECT_EQ(code("@mail(@$a);"), "mail($a);");
}

TEST(CodeView, WritesEveryConstantStringInOneSpelling) {
  EXPECT_EQ(code(R"($a = "x";)"), "$a='x';");
  EXPECT_EQ(code(R"($a = 'it\'s \\ \n';)"), R"($a='it\'s \\ \\n';)");
  EXPECT_EQ(code(R"($a = "\x62\141\u{73}e\"'\$\q\\";)"), R"($a='base"\'$\\q\\';)");
  EXPECT_EQ(code("$a = \"a\\r\\n\tb\";"), "$a='a\r\n\tb';");
  EXPECT_EQ(code(R"($a = b'x' . B"y";)"), "$a='xy';");
  EXPECT_EQ(code("$a = '' . \"\";"), "$a='';");
  EXPECT_EQ(code("$a = 'cut off"), "$a='cut off'");
}

TEST(CodeView, JoinsConstants) {
  EXPECT_EQ(code("$f = 'ba' . /* x */ \"se\" . '64' ;"), "$f='base64';");
  EXPECT_EQ(code("$f = chr(98) . CHR( 0x61 ).\\chr(0163) . chr(0b1100101);"), "$f='base';");
  EXPECT_EQ(code("$f = ('b' . ('as')) . (\"e\");"), "$f='base';");
  EXPECT_EQ(code("$f = $x . 'a' . 'b' . $y . 'c';"), "$f=$x.'ab'.$y.'c';");
  EXPECT_EQ(code("$f = 'a' . chr($x) . chr(ord('b'));"), "$f='a'.chr($x).chr(ord('b'));");
  EXPECT_EQ(code("$o->chr(98); trim('a') . ('b')"), "$o->chr(98);trim('a').'b'");
  EXPECT_EQ(code("f('a')('b'); $x['a'] . 'b';"), "f('a')('b');$x['a'].'b';");
}

TEST(CodeView, JoinsMoreConstantsThanOneLookAheadHolds) {
  std::string script = "$f = 'x'";
  std::string value = "x";
  for (int i = 0; i < 5000; ++i) {
    script += " . 'y' . chr(122)";
    value += "yz";
  }
  EXPECT_EQ(code(script + ";"), "$f='" + value + "';");
}

TEST(CodeView, ReadsInterpolationAsConcatenation) {
  EXPECT_EQ(code(R"(mail("$to", "Hi {$a['Name']}!", "From: $from\n");)"),
            "mail($to,'Hi '.$a['Name'].'!','From: '.$from.'\n');");
  EXPECT_EQ(code(R"("$a[0]$a[key]$a[$i]$b->c{$d->e("f $g")}${h}${i['j']}${'k'}${l.m}";)"),
            "$a[0].$a['key'].$a[$i].$b->c.$d->e('f '.$g).$h.$i['j'].$k.${l.m};");
  EXPECT_EQ(code(R"('a' . "b $c d" . 'e' . "$f";)"), "'ab '.$c.' de'.$f;");
  EXPECT_EQ(code(R"("a" . "$b" . "";)"), "'a'.$b.'';");
  EXPECT_EQ(code("echo `ls $dir 'x'`;"), R"(echo shell_exec('ls '.$dir.' \'x\'');)");
  EXPECT_EQ(code("``;"), "shell_exec('');");
}

TEST(CodeView, ReadsHeredocsAsStrings) {
  EXPECT_EQ(code("f(<<<A\nHi \"$n\"\\t'x'\nA . 'y');"), "f('Hi \"'.$n.'\"\t\\'x\\'y');");
  EXPECT_EQ(code("f(<<<'A'\n$n\\t\nA\n);"), "f('$n\\\\t');");
  EXPECT_EQ(code("f(<<<A\n    one\n      two\n    A);"), "f('one\n  two');");
  EXPECT_EQ(code("f(<<<A\n    ma\n    A . <<<'B'\n  il\n  B);"), "f('mail');");
  EXPECT_EQ(code("f(<<<A\nA\n);"), "f('');");
  EXPECT_EQ(code("f(<<<A\n$x\nA\n);"), "f($x);");
}

TEST(CodeView, TurnsConstantsBackIntoTheNamesTheyAre) {
  EXPECT_EQ(code(R"(${"GLO"."BALS"}['x'] = ${'_POST'};)"), "$GLOBALS['x']=$_POST;");
  EXPECT_EQ(code(R"($o->{'se'.'Nd'}(); $o->{$x}; A::{'B'}();)"), "$o->send();$o->{$x};a::b();");
  EXPECT_EQ(code(R"(('ma' . "il")($to); 'Eval'($x); '\mail'();)"), "mail($to);eval($x);mail();");
  EXPECT_EQ(code(R"($x = 'a' . 'strrev'('b'); 'not a name'(1);)"),
            "$x='a'.strrev('b');'not a name'(1);");
  EXPECT_EQ(code("${'not a name'} = 1;"), "${'not a name'}=1;");
}

TEST(TextView, HoldsTheValueOfEveryStringOnALineOfItsOwn) {
  EXPECT_EQ(text(R"(f('one', "t\x77o" . ' three', 4);)"), "one\ntwo three\n");
  EXPECT_EQ(text("$x = <<<A\nDear $name,\n\n  \"hello\"\nA;"), "Dear $name,\n\n  \"hello\"\n");
}

TEST(TextView, ShowsVariablesByName) {
  EXPECT_EQ(text(R"("Hi {$row['n']} and $a[0] ${b} {$f->g('inner')}.";)"),
            "Hi $row and $a $b $f.\n");
}

TEST(TextView, HoldsInlineHtmlInFileOrder) {
  EXPECT_EQ(views_of("<form><?php f('x') ?><input>\n</form>").text,
            "<form>\nx\n<input>\n</form>\n");
  EXPECT_EQ(views_of("<?php f(); __halt_compiler();DATA").text, "DATA\n");
}

/// The source text behind `piece` of a view.
std::string source_of(std::string_view source, std::string_view view, const OffsetMap& map,
                      std::string_view piece) {
  const std::size_t at = view.find(piece);
  if (at == std::string_view::npos) return "(not in the view)";
  const Offset begin = map.to_source(static_cast<Offset>(at));
  const Offset end = map.to_source(static_cast<Offset>(at + piece.size() - 1)) + 1;
  return std::string(source.substr(begin, end - begin));
}

TEST(Views, MapBackToTheFile) {
  const std::string_view source =
      "<html><?php /* c */ $x =  'one' . \"t\\x77o\"; \\Mail( $to, \"Hi $n, bye\" );";
  const CodeViews views = views_of(source);
  EXPECT_EQ(source_of(source, views.code, views.code_map, "$x="), "$x =");
  EXPECT_EQ(source_of(source, views.code, views.code_map, "two"), "t\\x77o");
  EXPECT_EQ(source_of(source, views.code, views.code_map, "onet"), "one' . \"t");
  EXPECT_EQ(source_of(source, views.code, views.code_map, "mail($to"), "Mail( $to");
  EXPECT_EQ(source_of(source, views.code, views.code_map, "$n"), "$n");
  EXPECT_EQ(source_of(source, views.code, views.code_map, ", bye"), ", bye");
  EXPECT_EQ(source_of(source, views.text, views.text_map, "<html>"), "<html>");
  EXPECT_EQ(source_of(source, views.text, views.text_map, "onetwo"), "one' . \"t\\x77o");
  EXPECT_EQ(source_of(source, views.text, views.text_map, "Hi $n, bye"), "Hi $n, bye");
}

TEST(Views, AreTheSameWhateverWasBuiltIntoThemBefore) {
  CodeViews reused;
  build_views("<?php echo 'a much longer file with ' . $text . \"and $more\";", LexOptions{},
              reused);
  build_views("<?php f('x');", LexOptions{}, reused);
  EXPECT_EQ(reused.code, "<?f('x');");
  EXPECT_EQ(reused.text, "x\n");
  EXPECT_EQ(reused.code_map.to_source(2), 6U);
}

// Operators of several bytes whose last ones would begin something else (plain_code.cc). That both
// ways of feeding agree is checked by views_of().
TEST(CodeView, TakesOperatorsWhole) {
  EXPECT_EQ(code("f(...5); g(... .5); $a.=.5; $b.1;"), "f(...5);g(....5);$a.=.5;$b .1;");
  EXPECT_EQ(code("while ($i-->N) { $a--->B; }"), "while($i-->n){$a--->b;}");
  EXPECT_EQ(code("$a?\?>B; $c?->D; $e ?>"), "$a?\?>b;$c?->d;$e?>");
  EXPECT_EQ(code("$a<<<$b; $c<=><<<X\nq\nX;"), "$a<<<$b;$c<=>'q';");
  EXPECT_EQ(code("$a**/**/B; $a*//x\n/C;"), "$a**b;$a*/c;");
  EXPECT_EQ(code("yield From\\mail(1); YIELD  b\\c;"), "yield from mail(1);yield b\\c;");
}

TEST(CodeView, KeepsItsPlaceInBrokenOffsets) {
  // views_of() compares: behind the brace the lexer is in the offset again, where blanks mean
  // something.
  EXPECT_EQ(views_of("<?php \"$b[\" {$;} x").code, "<?$b[''''{$;}'x'");
}

TEST(CodeView, MapsTextLongerThanItsSourceInsideTheSource) {
  const std::string source = "<?php `ls`";
  const CodeViews views = views_of(source);
  ASSERT_EQ(views.code, "<?shell_exec('ls')");
  for (std::size_t i = 0; i <= views.code.size(); ++i) {
    EXPECT_LT(views.code_map.to_source(static_cast<Offset>(i)), source.size());
  }
}

}  // namespace
}  // namespace backscan::php

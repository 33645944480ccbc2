// The parser: trees of good code, what is left of broken code, and its budgets.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "php/ast.h"
#include "php/token.h"

namespace backscan::php {
namespace {

std::string tree_of(std::string_view source, const ParseLimits& limits = {}) {
  std::vector<Token> tokens;
  lex(source, {}, tokens);
  const SyntaxTree tree = parse(source, tokens, limits);
  return dump(tree.root());
}

/// The tree of one expression statement.
std::string expr(std::string_view code) {
  const std::string tree = tree_of("<?php " + std::string(code) + ";");
  constexpr std::string_view kBefore = "(Block (ExprStmt ";
  if (!tree.starts_with(kBefore)) return tree;
  return tree.substr(kBefore.size(), tree.size() - kBefore.size() - 2);
}

struct Case {
  const char* code;
  const char* tree;
};

class ParserExpressions : public testing::TestWithParam<Case> {};

TEST_P(ParserExpressions, HaveTheirTree) { EXPECT_EQ(expr(GetParam().code), GetParam().tree); }

INSTANTIATE_TEST_SUITE_P(
    Operators, ParserExpressions,
    testing::Values(
        Case{"1 + 2 * 3", "(Binary + (Int \"1\") (Binary * (Int \"2\") (Int \"3\")))"},
        Case{"$a . 1 + 2 . $b",
             "(Binary . (Variable a) (Binary + (Int \"1\") (Int \"2\")) (Variable b))"},
        Case{"!$a = f()", "(Unary ! (Assign = (Variable a) (Call f (Name f))))"},
        Case{"$a && $b = 1",
             "(Binary T_BOOLEAN_AND (Variable a) (Assign = (Variable b) (Int \"1\")))"},
        Case{"$x = $a or die", "(Binary T_LOGICAL_OR (Assign = (Variable x) (Variable a)) (Exit))"},
        Case{"-$a ** 2", "(Unary - (Binary T_POW (Variable a) (Int \"2\")))"},
        Case{"$a ?? $b ?? $c",
             "(Binary T_COALESCE (Variable a) (Binary T_COALESCE (Variable b) (Variable c)))"},
        Case{"$a ? 1 : 2", "(Ternary (Variable a) (Int \"1\") (Int \"2\"))"},
        Case{"$a ?: 2", "(Ternary (Variable a) - (Int \"2\"))"},
        Case{"@$a['k'] . 'x'",
             "(Binary . (Unary @ (Index (Variable a) (String \"k\"))) (String \"x\"))"},
        Case{"(int)$a . ''", "(Binary . (Cast T_INT_CAST (Variable a)) (String))"},
        Case{"$a & $b", "(Binary & (Variable a) (Variable b))"},
        Case{"$a = &$b", "(Assign = & (Variable a) (Variable b))"},
        Case{"!$a instanceof B", "(Unary ! (Binary T_INSTANCEOF (Variable a) (Const B)))"},
        Case{"include 'a' . $b", "(Include T_INCLUDE (Binary . (String \"a\") (Variable b)))"},
        Case{"$i++ + ++$j",
             "(Binary + (IncDec T_INC (Variable i)) (IncDec T_INC prefix (Variable j)))"}));

INSTANTIATE_TEST_SUITE_P(
    Strings, ParserExpressions,
    testing::Values(
        Case{R"('a\'b\n')", R"((String "a'b\n"))"},
        Case{R"("\x6d\141il\u{21}\q")", R"((String "mail!\q"))"},
        Case{R"("a $b c")", "(Interpolated (String \"a \") (Variable b) (String \" c\"))"},
        Case{R"("$a[k] $a[0] $a[-1]")",
             "(Interpolated (Index (Variable a) (String \"k\")) (String \" \") (Index (Variable a) "
             "(Int \"0\")) (String \" \") (Index (Variable a) (Int \"-1\")))"},
        Case{R"("{$a['k']}${b}$c->d")",
             "(Interpolated (Index (Variable a) (String \"k\")) (Variable b) (Prop d (Variable c) "
             "-))"},
        Case{"<<<'X'\na $b\nX", "(String \"a $b\")"},
        Case{"<<<X\n    a\n      $b\n    X", "(Interpolated (String \"a\\n  \") (Variable b))"},
        Case{"`ls $a`", "(ShellExec (String \"ls \") (Variable a))"},
        Case{"${'a' . 'b'}", "(VarVar (Binary . (String \"a\") (String \"b\")))"},
        Case{"$$a", "(VarVar (Variable a))"}));

INSTANTIATE_TEST_SUITE_P(
    Calls, ParserExpressions,
    testing::Values(
        Case{"\\Mail($a, ...$b)", "(Call mail (Name \\Mail) (Variable a) (Spread (Variable b)))"},
        Case{"f(to: 1)", "(Call f (Name f) (NamedArg to (Int \"1\")))"},
        Case{"$f($a)(1)", "(Call (Call (Variable f) (Variable a)) (Int \"1\"))"},
        Case{"$a->b->C($d)", "(MethodCall c (Prop b (Variable a) -) - (Variable d))"},
        Case{"$a?->{$b}()", "(MethodCall ? (Variable a) (Variable b))"},
        Case{"A::$b", "(StaticProp b (Name A) -)"},
        Case{"A::B()", "(StaticCall b (Name A) -)"},
        Case{"A::B", "(ClassConst B (Name A))"},
        Case{"new A($b)", "(New A (Name A) (Variable b))"},
        Case{"new $a->b($c)", "(New (Prop b (Variable a) -) (Variable c))"},
        Case{"(new A)->b()", "(MethodCall b (New A (Name A)) -)"},
        Case{"[$a, 'k' => &$b]",
             "(Array (ArrayItem - (Variable a)) (ArrayItem & (String \"k\") (Variable b)))"},
        Case{"[$a, , [$b]] = $c",
             "(Assign = (List (ArrayItem - (Variable a)) - (ArrayItem - (Array (ArrayItem - "
             "(Variable b))))) (Variable c))"},
        Case{"list(, $b) = $c", "(Assign = (List - (ArrayItem - (Variable b))) (Variable c))"},
        Case{"$s{0}", "(Index (Variable s) (Int \"0\"))"},
        Case{"fn($x) => $x", "(ArrowFn (Params (Param x -)) - (Variable x))"},
        Case{"function () use (&$a) {}", "(Closure (Params) (Uses (Param & a -)) (Block))"},
        Case{"match($a) { 1, 2 => 'b', default => 'c' }",
             "(Match (Variable a) (MatchArm (String \"b\") (Int \"1\") (Int \"2\")) (MatchArm "
             "(String \"c\")))"}));

TEST(Parser, ReadsControlStructuresInBothSpellings) {
  EXPECT_EQ(tree_of("<?php if ($a): b(); elseif ($c): d(); else: e(); endif;"),
            tree_of("<?php if ($a) {b();} elseif ($c) {d();} else {e();}"));
  EXPECT_EQ(tree_of("<?php while ($a): b(); endwhile;"), tree_of("<?php while ($a) {b();}"));
  EXPECT_EQ(tree_of("<?php foreach ($a as $b): c(); endforeach;"),
            tree_of("<?php foreach ($a as $b) {c();}"));
  EXPECT_EQ(tree_of("<?php switch ($a): case 1: b(); endswitch;"),
            tree_of("<?php switch ($a) { case 1: b(); }"));
}

TEST(Parser, KeepsAnElseIfChainFlat) {
  EXPECT_EQ(tree_of("<?php if ($a) b(); else if ($c) d(); elseif ($e) f();"),
            "(Block (If (Variable a) (ExprStmt (Call b (Name b))) (Variable c) (ExprStmt (Call d "
            "(Name d))) (Variable e) (ExprStmt (Call f (Name f))) -))");
}

TEST(Parser, ReadsClassesWithTheirMembers) {
  EXPECT_EQ(tree_of("<?php final class A extends B implements C { use T; const X = 1;"
                    " private ?int $p = 2; public static function F(int $a = 3, &...$b): ?array {} "
                    "abstract function g(); }"),
            "(Block (Class T_CLASS a (Name B) (UseDecl T) (ConstDecl X (Int \"1\")) (Property p "
            "(Int \"2\")) (Method static f (Params (Param a (Int \"3\")) (Param & ... b -)) - "
            "(Block)) (Method g (Params) - -)))");
}

TEST(Parser, ReadsEnumsHooksAndPromotedProperties) {
  EXPECT_EQ(tree_of("<?php enum E: string { case A = 'a'; case B; }"),
            "(Block (Class T_ENUM e - (ConstDecl A (String \"a\")) (ConstDecl B)))");
  EXPECT_EQ(tree_of("<?php class A { function __construct(private readonly string $x) {} }"),
            "(Block (Class T_CLASS a - (Method __construct (Params (Param promoted x -)) - "
            "(Block))))");
  EXPECT_EQ(tree_of("<?php class A { public int $x { get => 1; } }"),
            "(Block (Class T_CLASS a - (Property x -) (Method get (Params) - (Block (Return (Int "
            "\"1\"))))))");
}

TEST(Parser, ReadsNamespacesAndImports) {
  EXPECT_EQ(tree_of("<?php namespace A\\B; use C\\D as E, F; use G\\{H, I as J};"),
            "(Block (Namespace A\\B -) (UseDecl C\\D \"E\") (UseDecl F) (UseDecl G\\H) (UseDecl "
            "G\\I \"J\"))");
}

TEST(Parser, KeepsHtmlAndTheDataBehindHaltCompiler) {
  EXPECT_EQ(
      tree_of("a<?= $b ?>c<?php __halt_compiler(); d"),
      "(Block (InlineHtml \"a\") (Echo (Variable b)) (InlineHtml \"c\") (HaltCompiler \" d\"))");
}

TEST(Parser, ReadsGotoAndLabels) {
  EXPECT_EQ(tree_of("<?php a: b(); goto a;"),
            "(Block (Label a) (ExprStmt (Call b (Name b))) (Goto a))");
}

TEST(Parser, SkipsAttributes) {
  EXPECT_EQ(tree_of("<?php #[A(1), B] function f(#[C] $x) {}"),
            "(Block (Function f (Params (Param x -)) - (Block)))");
}

// Broken code: what is whole around the break is still there.
TEST(Parser, GoesOnBehindAMissingSemicolon) {
  EXPECT_EQ(
      tree_of("<?php $a = 1 mail($b);"),
      "(Block (ExprStmt (Assign = (Variable a) (Int \"1\"))) (ExprStmt (Call mail (Name mail) "
      "(Variable b))))");
}

TEST(Parser, ReadsACallThatTheFileEndsIn) {
  EXPECT_EQ(
      tree_of("<?php if ($x) { mail($a, $b"),
      "(Block (If (Variable x) (Block (ExprStmt (Call mail (Name mail) (Variable a) (Variable "
      "b)))) -))");
}

TEST(Parser, DropsStrayBracketsOneByOne) {
  const std::string tree = tree_of("<?php } ) ] mail($a); }");
  EXPECT_NE(tree.find("(Call mail (Name mail) (Variable a))"), std::string::npos) << tree;
}

TEST(Parser, SurvivesOperatorsWithoutOperands) {
  const std::string tree = tree_of("<?php $a . ; * $b; mail(,); $c->; A::; new; fn(; match(");
  EXPECT_NE(tree.find("(Call mail"), std::string::npos) << tree;
}

// Budgets.
TEST(Parser, KeepsHundredThousandTermsFlat) {
  std::string source = "<?php $a = 'x'";
  for (int i = 0; i < 100'000; ++i) source += ".'y'";
  source += ';';
  std::vector<Token> tokens;
  lex(source, {}, tokens);
  const SyntaxTree tree = parse(source, tokens);
  EXPECT_FALSE(tree.is_truncated());
  EXPECT_LT(tree.root()->height, 10U);
}

TEST(Parser, BoundsNestingOfEveryKind) {
  for (const std::string_view part : {"(",
                                      "[",
                                      "{",
                                      "!",
                                      "-",
                                      "if(1)",
                                      "$a=",
                                      "new ",
                                      "f(",
                                      "$a?",
                                      "$$",
                                      "fn()=>",
                                      "@",
                                      "function(){",
                                      "\"{$a[",
                                      "while(1)",
                                      "class A{function f(){",
                                      "<<<X\n{$",
                                      "(int)",
                                      "match(1){",
                                      "$a->b(",
                                      "1+2*",
                                      "$a??",
                                      "switch(1){case 1:",
                                      "try{",
                                      "array(",
                                      "else if(1)"}) {
    std::string source = "<?php ";
    for (int i = 0; i < 20'000; ++i) source += part;
    std::vector<Token> tokens;
    lex(source, {}, tokens);
    const ParseLimits limits;
    const SyntaxTree tree = parse(source, tokens, limits);
    EXPECT_LE(tree.root()->height, limits.max_height) << part;
  }
}

TEST(Parser, CutsLongMemberChainsAndSaysSo) {
  std::string source = "<?php $a";
  for (int i = 0; i < 50'000; ++i) source += "->b()";
  std::vector<Token> tokens;
  lex(source, {}, tokens);
  const SyntaxTree tree = parse(source, tokens);
  EXPECT_TRUE(tree.is_truncated());
  EXPECT_LE(tree.root()->height, ParseLimits{}.max_height);
}

TEST(Parser, StopsAtItsBudgetOfNodesAndSaysSo) {
  std::string source = "<?php ";
  for (int i = 0; i < 1000; ++i) source += "f();";
  std::vector<Token> tokens;
  lex(source, {}, tokens);
  const SyntaxTree tree = parse(source, tokens, {.max_nodes = 100});
  EXPECT_TRUE(tree.is_truncated());
}

TEST(Parser, GivesEveryPrefixOfAProgramATree) {
  const std::string source =
      "<?php namespace A; class B extends C { function d($e = [1]) { foreach ($f as $k => &$v) { "
      "echo \"x {$v['y']} $z\"; } return match(1) { 2 => fn() => <<<T\n a $b\n T }; } } if (1): "
      "switch ($a): case 1: list($q, ) = $w ?? new X; endswitch; endif; ?> html <?= `ls` ?>";
  for (std::size_t size = 0; size <= source.size(); ++size) {
    EXPECT_TRUE(tree_of(std::string_view(source).substr(0, size)).starts_with("(Block"));
  }
}

}  // namespace
}  // namespace backscan::php

#include "mutations.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace backscan::php_tokens {
namespace {

using namespace std::string_literals;

/// Behind an open tag each; a NUL shows that the texts are bytes.
const std::vector<std::string>& script_samples() {
  static const std::vector<std::string> kSamples = {
      // Words that depend on their neighbours.
      "enum /* x", "enum/*a*/ B", "enum extends", "enum Extends x", "enum implementsX", "enum fnord",
      "enum\\x", "yield from f()", "yield fromage", "yield /*c*/from x", "YIELD\n\tFROM", "yield",
      "readonly (", "readonly class A {}", "$a->class->list?->fn -> /*x*/ class", "?-> ?-> a b",
      "A::class; A::list(); namespace\\a \\b\\c d\\ e \\ f \\\\g if\\else enum\\", "fn() => match(1) {}",
      "$a-> #[x\n class; $b?-> // c ?> <?php list -> /*d\n*/ fn /* $c-> /= $d->//",
      // Numbers.
      "089; 018446744073709551615; 9223372036854775807; 9223372036854775808;",
      "0777777777777777777777 01777777777777777777777 00000000000000000000000000008",
      "0o777777777777777777777 0O17777777777777777777777 0o8 0o",
      "0x7fffffffffffffff 0xffffffffffffffff 0x00_7f_ff 0x 0X1F 0x8000_0000_0000_0000",
      "0b" + std::string(63, '1') + " 0b" + std::string(64, '1') + " 0B1_0 0b2",
      "1..2 1...3 1e 1.e3 1__0 1_000.5_0e1_0 .5 .5e-3 1e+ 9_223_372_036_854_775_808 1_ 00_1",
      // Strings and their inside.
      R"('a\'b\\' "plain \" \$x {x} $ 1" b'x' B"y$z" b x)",
      R"("$a[0] $a[0x1f] $a[01_2] $a[-1] $a[if] $a[$b] $a[ 0] $a['x'] $a[&] $a[\] $a[)",
      R"("{$a}{ $b ${c} ${c[1]} ${ c } ${c->d} $a->b->c $a?->b $a->1 $a? {$a->f("x{$y}z")} ")",
      "`a$b {$c} \\` ${d}` . 'x'", R"("\x62\141\u{1F600}\u{zz} {$x[089]}")",
      "'abc", "\"abc", "\"abc\\", "'abc\\", "\"abc $", "\"abc {", "\"abc {$", "\"${", "`abc",
      // Heredocs and nowdocs.
      "<<<A\nfoo\nA", "<<<A\n foo\n A;", "<<<A\n foo\n  A ;", "<<<A\nA", "<<<A\nA;", "<<<A\n   ",
      "<<<'A'\n  foo $x\n  A; 1", "<<< \"A\"\r\nx\r\nA\r\n;", "b<<<A\nx\nA\n", "<<<A\rx\rA\r;",
      "<<<A\n\\u{zz}\n $a\n  A;foo();", "<<<A\n \t x\n\t A; 1", "<<<A\nAB\nA_\nA1\nA+", "<<<A x\nA;",
      "<<<A\n{$a[<<<B\n$b\nB\n]}\n  text\n  A . 'x'", "<<<A\n\\\nA;", "<<<'A'\n\\\nA;", "<<<\"A'\nA;",
      "<<<A\n$x\nA;<<<A\n$x[1] ${y} {$z}\n\nA;", "<<<1\n1", "<<<''\n",
      // Comments and tags.
      "# x\r\ny", "// x ?> y", "#[A] #[", "/** */ /**/ /***/ /** x", "/*/ */", "/*", "/**", "//", "#",
      "?>\r\n<?php echo 1 ?>\n\n<?= 2 ?>\r<?php", "?> <? ?> <?php?> <?phpx ?> <?PHP\n1",
      "__halt_compiler ( ) ; abc <?php", "__halt_compiler ?> \nabc", "__HALT_COMPILER", "a->__halt_compiler();x",
      "__halt_compiler // c\n {} \"x\" 1", "__halt_compiler->a b c",
      // Operators and casts.
      "& $a & ...$x & b & /*x*/ $c &&$d &= & \n\t$e &", "( int )(\tstring)(real)(unset) (void)(BOOLEAN)(\nint)",
      "... ?" "?= **= <=> <> !== === >>= <<= << >> ... .. ** ++ -- :: => ?: ?" "?->", "(int", "{ } } } ) ]",
      "\x01\x7f \xc2\xa0 $\xff \0 a\0b"s, "<?php <? <% %>", "${'a'} $$b ${c}[0] $ d",
  };
  return kSamples;
}

constexpr auto kPieces = std::to_array<std::string_view>({
    "'", "\"", "`", "\\", "$", "{", "}", "{$", "${", "[", "]", "(", ")", "<?php ", "<?", "<?=", "?>",
    "/*", "*/", "//", "#", "#[", "\n", "\r", "\r\n", "\t", " ", "<<<A\n", "\nA\n", "\n  A;", "<<<'A'\n",
    "->", "?->", "::", "$a", "$a[", "enum ", "yield ", "from", "readonly", "namespace\\", "\\", "b'",
    "b\"", "&", "...", "__halt_compiler", "();", "(int)", "0x", "0b1", "1_0", ".5", "e+1", "=", "%", ">",
    "<", "<script language=php>", "</script>", "<%", "%>",
});

}  // namespace

std::vector<std::string> syntax_samples() {
  std::vector<std::string> samples;
  for (const std::string& sample : script_samples()) samples.push_back("<?php " + sample);
  for (const std::string_view whole :
       {"<?phpx", "<?php", "a<?PHP", "<?=1", "<?PHP\nx", "<? x", "<?php\r\n", "<?xml ?>", "<?php\rx",
        "<<?php x", "<", "<?", "", "plain", "<script language=\"php\"> echo 1; </script>", "<% x %>"}) {
    samples.emplace_back(whole);
  }
  return samples;
}

std::string mutate(const std::string& text, const std::vector<std::string>& others,
                   std::mt19937& random) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  std::string out = text;
  for (std::size_t step = 1 + below(4); step > 0; --step) {
    switch (below(6)) {
      case 0: out.resize(below(out.size() + 1)); break;
      case 1: if (!out.empty()) out[below(out.size())] = static_cast<char>(random() & 0xffU); break;
      case 2: out.erase(below(out.size() + 1), 1 + below(8)); break;
      case 3: {
        const std::string& other = others[below(others.size())];
        const std::size_t from = below(other.size() + 1);
        out.insert(below(out.size() + 1), other, from, below(60));
        break;
      }
      default: out.insert(below(out.size() + 1), kPieces[below(kPieces.size())]); break;
    }
  }
  return out;
}

}  // namespace backscan::php_tokens

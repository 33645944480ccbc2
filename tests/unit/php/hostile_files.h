// Texts of any size that are made to hurt whoever reads PHP: one construct, repeated or never ended.
// A header of its own for the test that bounds them and the tool that writes them to disk.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace backscan::test {

struct HostileKind {
  std::string name;
  std::function<std::string(std::size_t bytes)> make;
};

/// `head`, then `unit` again and again up to `bytes`, then `end`.
inline std::string repeated(std::string_view head, std::string_view unit, std::size_t bytes,
                            std::string_view end = {}) {
  std::string text(head);
  text.reserve(bytes + unit.size() + end.size());
  while (text.size() + end.size() < bytes) text += unit;
  return text += end;
}

inline std::vector<HostileKind> hostile_kinds() {
  const auto kind = [](const char* name, const char* head, const char* unit, const char* end = "") {
    return HostileKind{name, [=](std::size_t bytes) { return repeated(head, unit, bytes, end); }};
  };
  return {
      kind("one-line", "<?php ", "$a=$b.'c';mail($d,$e);"),
      kind("nested-round", "<?php eval(", "("),
      kind("nested-square", "<?php mail($a", "["),
      kind("nested-curly", "<?php eval($a); ", "{"),
      kind("nested-calls", "<?php ", "eval("),
      kind("nested-arrays", "<?php $a=", "array(1,"),
      kind("nested-ternary", "<?php eval($x); $a=", "$b?"),
      kind("unary", "<?php eval($a); $b=", "!"),
      kind("long-sum", "<?php eval($a); $b='x'", ".'x'.$c"),
      kind("base64", "<?php eval(base64_decode('", "QUFB", "'));"),
      kind("base64-open", "<?php eval(base64_decode('", "QUFB"),
      kind("comment", "<?php eval(base64_decode($a)); /*", "* / "),
      kind("comments", "<?php eval(base64_decode($a));", "/**/"),
      kind("line-comments", "<?php eval(base64_decode($a));", "#\n"),
      kind("heredoc", "<?php eval(base64_decode($a)); $b = <<<X\n", " X\n$a[0] {$b->c}"),
      kind("nowdoc", "<?php eval(base64_decode($a)); $b = <<<'X'\n", "X_\n"),
      kind("heredocs", "<?php eval(base64_decode($a));", "$b=<<<X\na\nX;\n"),
      kind("open-quote", "<?php eval(base64_decode($a)); $b = '", "\\\\ x"),
      kind("open-double", "<?php eval(base64_decode($a)); $b = \"", "${a}{$b[\"c\"]}"),
      kind("open-interpolations", "<?php eval(base64_decode($a)); $b = ", "\"{$a["),
      kind("backslashes", "<?php eval('", "\\"),
      kind("tags", "", "<?php ?>"),
      kind("short-tags", "", "<?=$a?>"),
      kind("half-tags", "<?php eval(base64_decode($a)); ?>", "<?p <script <% "),
      kind("tiny-strings", "<?php eval(base64_decode($a)); $b=[", "'a',"),
      kind("tiny-concats", "<?php eval(", "'a'.", "'b');"),
      kind("chr-chain", "<?php eval(", "chr(97).", "'b');"),
      kind("hex", "<?php eval(\"", "\\x61", "\");"),
      kind("variables", "<?php eval($a);", "$$"),
      kind("dollars", "<?php eval(\"", "$", "\");"),
      kind("functions", "<?php eval(base64_decode($a));", "function f(){eval($a);}"),
      kind("gotos", "<?php eval(base64_decode($a));", "goto a;a:"),
      kind("ifs", "<?php eval(base64_decode($a));", "if($a)eval($b);else "),
      kind("assignments", "<?php eval(base64_decode($a));", "$a.=$a;mail($a,$a,$a);"),
      kind("numbers", "<?php eval($a); $b=", "1_0"),
      kind("namespaces", "<?php eval($a); ", "a\\"),
      kind("attributes", "<?php eval($a); ", "#["),
      kind("blanks", "<?php eval($a);", " \n"),
      kind("high-bytes", "<?php eval($a);", "\xff\xfe"),
  };
}

}  // namespace backscan::test

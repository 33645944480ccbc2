#include "response/clean_block.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "rules/regex.h"

namespace backscan::response {
namespace {

Result<std::string> cleaned(std::string_view content, const std::string& pattern) {
  const re2::RE2 block(pattern, rules::regex_options());
  return without_blocks(content, find_blocks(content, block));
}

constexpr const char* kMarked = R"((?s)/\*x\*/.*?/\*y\*/)";

struct Injected {
  const char* name;
  std::string honest;
  std::string with_block;
  const char* pattern;
};

const Injected kInjected[] = {
    {"a tag of its own before the program", "<?php\necho 1;\n", "<?php /*x*/ eval($a); /*y*/ ?><?php\necho 1;\n",
     R"((?s)^<\?php /\*x\*/.*?/\*y\*/ \?>)"},
    {"the first statement", "<?php\necho 1;\n", "<?php\n/*x*/ eval($a); /*y*/echo 1;\n", kMarked},
    {"between statements", "<?php f(); g();", "<?php f(); /*x*/if ($a) { eval($a); }/*y*/g();", kMarked},
    {"inside a function", "<?php function f() { return 1; }",
     "<?php function f() { /*x*/eval($a);/*y*/return 1; }", kMarked},
    {"at the end, unclosed", "<?php f();\n", "<?php f();\n/*x*/eval($a);/*y*/", kMarked},
    {"in HTML", "<p>one</p><p>two</p>", "<p>one</p><script>/*x*/spy()/*y*/</script><p>two</p>",
     R"((?s)<script>/\*x\*/.*?/\*y\*/</script>)"},
    {"HTML between two tags", "<?php f(); g();", "<?php f(); ?><i>/*x*/</i><?php g();",
     R"((?s)\?><i>/\*x\*/</i><\?php )"},
    {"PHP in HTML", "<b>a</b>\n<b>c</b>\n", "<b>a</b>\n<?php /*x*/eval($a);/*y*/ ?>\n<b>c</b>\n",
     R"((?s)<\?php /\*x\*/.*?/\*y\*/ \?>\n)"},
    {"two of them", "<?php f(); g();", "<?php /*x*/a();/*y*/f(); /*x*/b();/*y*/g();", kMarked},
    {"the group alone", "<?php f(); g();", "<?php f(); /*x*/b();/*y*/g();",
     R"((?s)f\(\); (/\*x\*/.*?/\*y\*/)g)"},
    {"no PHP at all", "RewriteEngine On\n", "RewriteEngine On\nphp_value auto_prepend_file x\n",
     R"(php_value auto_prepend_file x\n)"},
};

TEST(ResponseCleanBlock, GivesBackTheHonestFileByteForByte) {
  for (const Injected& injected : kInjected) {
    const auto rest = cleaned(injected.with_block, injected.pattern);
    ASSERT_TRUE(rest) << injected.name << ": " << rest.error().reason;
    EXPECT_EQ(*rest, injected.honest) << injected.name;
  }
}

struct Refused {
  const char* name;
  std::string content;
  const char* pattern;
  const char* reason;
};

const Refused kRefused[] = {
    {"nothing found", "<?php f();", "nowhere", "not to be found"},
    {"half a string", "<?php $a = 'one/*x*/two/*y*/'; f();", kMarked, "cuts"},
    {"half a name", "<?php abcdef(); g();", "cde", "cuts"},
    {"the body of a condition", "<?php if ($a) /*x*/f();/*y*/ g();", kMarked, "begin where a statement"},
    {"half a statement", "<?php f(); /*x*/ $a = /*y*/ g();", kMarked, "end where a statement"},
    {"an open bracket", "<?php f(); /*x*/ if ($a) { g(); /*y*/ h(); }", kMarked, "bracket open"},
    {"a closing bracket", "<?php { f(); /*x*/ } { g(); /*y*/ }", kMarked, "bracket"},
    {"all there is", "<?php /*x*/ f(); /*y*/ ?>\n", kMarked, "nothing but the block"},
    {"a comment that swallows the rest", "<?php f(); //\n/*x*/a();/*y*/ g();\n",
     R"((?s)\n/\*x\*/.*?/\*y\*/)", ""},
    {"two words that become one", "<?php f();/*x*/;/*y*/?>a", R"((?s);/\*x\*/;/\*y\*/)", ""},
};

TEST(ResponseCleanBlock, RefusesWhereTheRestWouldBeAnotherProgram) {
  for (const Refused& refused : kRefused) {
    const auto rest = cleaned(refused.content, refused.pattern);
    ASSERT_FALSE(rest) << refused.name << ": " << *rest;
    EXPECT_NE(rest.error().reason.find(refused.reason), std::string::npos)
        << refused.name << ": " << rest.error().reason;
  }
}

TEST(ResponseCleanBlock, FindsEachBlockOnceAndNeverAnEmptyOne) {
  const re2::RE2 maybe_empty("x*", rules::regex_options());
  EXPECT_EQ(find_blocks("axxbx", maybe_empty), (std::vector<Span>{{1, 3}, {4, 5}}));
}

}  // namespace
}  // namespace backscan::response

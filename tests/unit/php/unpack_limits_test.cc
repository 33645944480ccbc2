// The unpacker's bounds: whatever a program does, an unpacking ends within its budget, says so, and
// touches nothing but memory. Time is bounded by steps, so nothing here measures it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "model/fact.h"
#include "php/token.h"
#include "php/unpack.h"

namespace backscan::php {
namespace {

bool gave_up(const Unpacked& unpacked) {
  return std::ranges::any_of(unpacked.facts,
                             [](const Fact& fact) { return fact.name == "unpack.gave-up"; });
}

std::size_t bytes_of(const Unpacked& unpacked) {
  std::size_t bytes = 0;
  for (const Layer& layer : unpacked.layers) bytes += layer.text.size();
  return bytes;
}

struct Program {
  const char* name;
  const char* code;  // a sink in front makes the evaluator start
};

class EndsAndSaysSo : public testing::TestWithParam<Program> {};

TEST_P(EndsAndSaysSo, WithinTheBudget) {
  const UnpackLimits limits{.max_steps = 300'000,
                            .max_output_bytes = 1u << 20,
                            .max_value_bytes = 1u << 20,
                            .max_memory_bytes = 16u << 20};
  const Unpacked unpacked = unpack(std::string("<?php eval('$z = 1;'); ") + GetParam().code, "a.php", limits);
  EXPECT_TRUE(gave_up(unpacked));
  EXPECT_LE(bytes_of(unpacked), limits.max_output_bytes);
}

INSTANTIATE_TEST_SUITE_P(
    Unpack, EndsAndSaysSo,
    testing::Values(
        Program{"EndlessWhile", "while (true) { $a = 1; }"},
        Program{"EndlessFor", "for (;;) ;"},
        Program{"EndlessGoto", "a: $x = 1; goto a;"},
        Program{"LoopsInLoops", "for ($i=0;$i<1e9;$i++) for ($j=0;$j<1e9;$j++) for ($k=0;$k<1e9;$k++) $x=$i;"},
        Program{"GrowingForeach", "$a = [1]; foreach ($a as &$v) { $a[] = $v; }"},
        Program{"DoublingRecursion", "function f($n) { f($n + 1); f($n + 2); } f(0);"},
        Program{"SelfEval", "$c = 'eval($c . \"/*\" . rand() . \"*/\"); $n = $n . \"x\"; eval($n . $c);'; $n = '//'; eval($c); while (1);"},
        Program{"LayersWithoutEnd", "$i = 0; $c = '$i++; eval(\"//$i\\n\" . $c);'; eval($c);"},
        Program{"DoublingString", "$a = 'xxxxxxxx'; while (true) { $a .= $a; eval('//' . $a); }"},
        Program{"ManyValues", "$a = []; while (true) { $a[] = str_repeat('x', 1000) . count($a); }"},
        Program{"NestedArrays", "$a = []; while (true) { $a = [$a, $a]; }"},
        Program{"Cycles", "while (true) { $a = []; $a['me'] = &$a; $b[] = &$a; unset($a); }"}),
    [](const auto& entry) { return std::string(entry.param.name); });

TEST(UnpackLimits, HoldsADecompressionBomb) {
  // Deflate of zeros, inside str_repeat: 1,000 to 1 and again.
  const Unpacked unpacked = unpack(
      "<?php $a = gzdeflate(str_repeat('echo 1; ', 1000000)); $b = ''; while (true) { $b = gzinflate($a);"
      " eval($b . '//' . strlen($b)); $a = gzdeflate($b . $b); }",
      "bomb.php", {.max_steps = 2'000'000, .max_output_bytes = 4u << 20, .max_value_bytes = 1u << 20});
  EXPECT_TRUE(gave_up(unpacked));
  EXPECT_LE(bytes_of(unpacked), 4u << 20);
}

TEST(UnpackLimits, KeepsToTheDepthOfLayers) {
  std::string code = "echo 1;";
  for (int i = 0; i < 9; ++i) {
    std::string quoted;
    for (const char c : code) quoted += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string{c};
    code = "eval(strrev(strrev('" + quoted + "')));";
  }
  const Unpacked all = unpack("<?php " + code, "a.php");
  const Unpacked some = unpack("<?php " + code, "a.php", {.max_depth = 4});
  EXPECT_EQ(all.layers.size(), 9u);
  EXPECT_LT(some.layers.size(), 9u);
  EXPECT_TRUE(gave_up(some));
}

TEST(UnpackLimits, StopsAtDeepNestingOfTheProgramItself) {
  for (const std::string_view open : {"(", "[", "{", "!", "a(", "if(1)", "@", "$a=", "-", "new ", "fn()=>"}) {
    std::string source = "<?php eval(base64_decode('eA==')); $x = ";
    for (int i = 0; i < 50'000; ++i) source += open;
    const Unpacked unpacked = unpack(source, "deep.php");
    EXPECT_LE(unpacked.layers.size(), 2u) << open;
  }
}

TEST(Unpack, TakesATreeThatWasParsedAlready) {
  const std::string_view source = "<?php eval(base64_decode('ZWNobyAxOw=='));";
  std::vector<Token> tokens;
  lex(source, {}, tokens);
  SyntaxTree parsed = parse(source, tokens);
  const Unpacked unpacked = unpack(source, "a.php", {}, std::move(parsed));
  ASSERT_EQ(unpacked.layers.size(), 1U);
  EXPECT_EQ(unpacked.layers[0].text, unpack(source, "a.php").layers[0].text);
}

TEST(UnpackLimits, SaysTheSameTwice) {
  const std::string_view source =
      "<?php $k = rand(); for ($i = 0; $i < 9; $i++) eval('$a' . $i . ' = base64_decode(\"eA==\");');"
      "while ($k) { $x[] = uniqid(); if (time() % 2) break; }";
  const Unpacked first = unpack(source, "a.php");
  const Unpacked second = unpack(source, "a.php");
  ASSERT_EQ(first.layers.size(), second.layers.size());
  for (std::size_t i = 0; i < first.layers.size(); ++i) EXPECT_EQ(first.layers[i].text, second.layers[i].text);
  ASSERT_EQ(first.facts.size(), second.facts.size());
  for (std::size_t i = 0; i < first.facts.size(); ++i) EXPECT_EQ(first.facts[i].source, second.facts[i].source);
}

class TouchesNothing : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "backscan-unpack-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    std::ofstream(directory_ / "canary.php") << "<?php echo 'canary text stays closed';";
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  [[nodiscard]] std::string canary() const { return directory_ / "canary.php"; }

  std::filesystem::path directory_;
};

TEST_F(TouchesNothing, ReadsNoOtherFile) {
  const std::string c = "'" + canary() + "'";
  for (const std::string& call :
       {"eval('?>' . file_get_contents(" + c + "));", "include " + c + ";", "require_once(" + c + ");",
        "eval(implode('', file(" + c + ")));", "$h = fopen(" + c + ", 'r'); eval(fread($h, 999));",
        "eval(php_strip_whitespace(" + c + "));", "readfile(" + c + ");", "eval(`cat " + canary() + "`);",
        "include 'php://filter/convert.base64-decode/resource=" + canary() + "';",
        "include 'file://" + canary() + "';", "eval(shell_exec('cat " + canary() + "'));",
        "array_map('file_get_contents', [" + c + "]);", "print_r(scandir('" + directory_.string() + "'));",
        "print_r(glob('" + directory_.string() + "/*'));"}) {
    const Unpacked unpacked = unpack("<?php " + call + " eval(base64_decode('ZWNobyAxOw=='));", "a.php");
    for (const Layer& layer : unpacked.layers) {
      EXPECT_EQ(layer.text.find("canary text"), std::string::npos) << call;
      if (layer.steps != std::vector<std::string>{"resolve"}) {
        EXPECT_EQ(layer.text.find("canary.php"), std::string::npos) << call;
      }
    }
  }
}

TEST_F(TouchesNothing, WritesRunsAndRemovesNothing) {
  const std::string made = directory_ / "made";
  const std::string to = "'" + made + "'";
  std::string code = "<?php eval(base64_decode('ZWNobyAxOw=='));";
  for (const std::string& call :
       {"file_put_contents(" + to + ", '<?php echo 1;');", "$h = fopen(" + to + ", 'w'); fwrite($h, 'x');",
        "touch(" + to + ");", "mkdir(" + to + ");", "copy('" + canary() + "', " + to + ");",
        "symlink('" + canary() + "', " + to + ");", "system('touch " + made + "');", "exec('touch " + made + "');",
        "`touch " + made + "`;", "popen('touch " + made + "', 'r');", "move_uploaded_file('" + canary() + "', " + to + ");",
        "error_log('x', 3, " + to + ");", "ini_set('error_log', " + to + ");", "unlink('" + canary() + "');",
        "rename('" + canary() + "', " + to + ");", "chmod('" + canary() + "', 0);", "pcntl_exec('/bin/touch', [" + to + "]);",
        "assert('touch(" + made + ")');", "call_user_func('unlink', '" + canary() + "');"})
    code += "@" + call;
  (void)unpack(code, "a.php");
  EXPECT_TRUE(std::filesystem::exists(canary()));
  std::size_t entries = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory_)) ++entries;
  EXPECT_EQ(entries, 1u);
}

TEST_F(TouchesNothing, OpensWhatItWroteItselfAndNothingElse) {
  const std::string path = directory_ / "drop.php";
  const Unpacked unpacked = unpack("<?php file_put_contents('" + path +
                                       "', base64_decode('PD9waHAgZWNobyAnZHJvcHBlZCc7')); include '" + path + "';",
                                   "dropper.php");
  EXPECT_FALSE(std::filesystem::exists(path));
  ASSERT_FALSE(unpacked.layers.empty());
  EXPECT_EQ(unpacked.layers[0].text, "<?php echo 'dropped';");
}

}  // namespace
}  // namespace backscan::php

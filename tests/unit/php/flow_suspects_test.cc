// The quick look before the flow analysis: what it may dismiss, and what it must never dismiss.
#include "php/flow_suspects.h"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "php/ast.h"
#include "php/token.h"

namespace backscan::php::flow {
namespace {

struct Look {
  std::string_view name;
  std::string_view code;
  bool is_suspected;
};

void PrintTo(const Look& look, std::ostream* out) {
  *out << look.name;
}

bool suspects_in(std::string_view code, const IncludeReader& reader) {
  const std::string source = "<?php " + std::string(code);
  std::vector<Token> tokens;
  lex(source, {}, tokens);
  const SyntaxTree tree = parse(source, tokens);
  Suspects suspects;
  suspects.look(tree.root(), reader);
  return suspects.any();
}

class SuspectsTable : public testing::TestWithParam<Look> {};

TEST_P(SuspectsTable, SaysWhetherAFactCouldBeStated) {
  EXPECT_EQ(suspects_in(GetParam().code, {}), GetParam().is_suspected) << GetParam().code;
}

constexpr Look kLooks[] = {
    {"no_sink", "$a = $_POST['a']; echo strlen($a);", false},
    {"mail", "mail($to, 'a', 'b');", true},
    {"own_mail_of_one_argument", "function mail($a) {} mail('a');", false},
    {"eval_of_the_request", "eval($_POST['a']);", true},
    {"eval_of_own_text", "$a = 'echo 1;'; eval($a);", false},
    {"eval_through_a_function", "function f($a) { return trim($a); } eval(f($_GET['a']));", true},
    {"eval_of_a_hash", "eval('f(' . md5($_GET['a']) . ');');", false},
    {"eval_of_decoded_text", "eval(base64_decode('ZWNobyAxOw=='));", true},
    {"eval_through_a_property",
     "class A { function set($a) { $this->code = $a; } function run() { eval($this->code); } }"
     "$a = new A; $a->set($_POST['a']);",
     true},
    {"eval_of_another_property",
     "class A { function set($a) { $this->name = $a; } function run() { eval($this->code); } }"
     "$a = new A; $a->set($_POST['a']);",
     false},
    {"eval_of_an_element", "$a['x'] = $_POST['a']; eval($a['x']);", true},
    {"eval_of_another_element", "$a['x'] = $_POST['a']; $a['y'] = 'f();'; eval($a['y']);", false},
    {"eval_of_an_element_of_any_name", "$a[$k] = $_POST['a']; eval($a['y']);", true},
    {"eval_of_what_a_loop_gives", "foreach (array('x' => $_POST) as $a) eval($a['y']);", true},
    {"eval_after_extract", "function f() { extract($_POST); eval($a); }", true},
    {"eval_of_a_variable_of_any_name", "eval($$a);", false},
    {"eval_of_a_variable_of_the_requests_name", "$a = '_GET'; eval($$a);", true},
    {"eval_of_a_variable_of_a_name_in_parts", "$a = '_G'; $a .= 'ET'; eval($$a);", true},
    {"eval_of_a_variable_of_a_hidden_name", "$a = base64_decode('X0dFVA=='); eval($$a);", true},
    {"eval_of_what_the_variable_holds", "$b = $_GET['a']; $a = 'b'; eval($$a);", true},
    {"eval_of_a_variable_that_the_request_names", "eval(${$_GET['a']});", true},
    {"eval_of_a_form_field", "?><input name=\"code\"><?php eval($code);", true},
    {"eval_of_an_open_parameter", "function f($a) { eval($a); }", false},
    {"name_from_the_request", "$a = $_GET['a']; $a('b');", true},
    {"name_spelled_out", "$a = 'system'; $a($b);", true},
    {"name_put_together", "$a = 'sys'; $b = $a . 'tem'; $b($c);", true},
    {"name_of_letters", "$a = chr(109) . chr(97); $a($c);", true},
    {"eval_of_letters", "eval(chr(101) . chr(99) . chr(0x68) . chr(0157));", false},
    {"eval_of_a_letter_of_a_long_number", "eval(chr(99999999999));", true},
    {"name_of_letters_in_hexadecimal", "$a = chr(0x6d) . chr(0x61); $a($c);", true},
    {"name_after_an_element_of_any_variable", "${\"$_POST\"}[] = ''; $a(1);", true},
    {"name_of_bits", "$a = '~~~' ^ '===' ; $a($c);", true},
    {"name_of_bits_and_bare_words", "$a = '!#' | ('%' . Re . 'x'); $a($c);", true},
    {"name_of_flags", "$a = FLAG | OTHER; f($a); exec('ls');", false},
    {"name_of_a_bare_word_in_bits", "$a = ~Re; $a($_POST);", true},
    {"name_that_is_a_number", "for ($i = 0; $i < 9; $i += 2) $i($_POST);", false},
    {"call_of_the_object", "$this($_POST['a']);", true},
    {"name_of_a_harmless_function", "$a = 'trim'; $a($_POST['a']);", false},
    {"method_of_any_name", "$this->$name($text);", false},
    {"callback_from_the_request", "array_map($_GET['a'], $list);", true},
    {"callback_of_the_file", "function f($a) { return $a; } array_map('f', $list);", false},
    {"callback_that_decodes", "eval(call_user_func('base64_decode', 'ZWNobyAxOw=='));", true},
    {"callback_that_reads", "eval(implode('', array_map('file_get_contents', $list)));", true},
    {"callback_that_trims", "eval(implode('', array_map('trim', array('f();'))));", false},
    {"callback_that_sinks", "function f($a) { eval($a); } array_map('f', $_POST);", true},
    {"closure_that_sinks", "array_map(function ($a) { eval($a); }, $_POST);", true},
    {"include_of_the_request", "include $_GET['page'];", true},
    {"include_below_a_directory", "include 'pages/' . $_GET['page'];", false},
    {"include_of_a_hidden_file", "include 'pages/' . base64_decode('YS5waHA=');", true},
    {"include_of_a_file_of_bits", "include 'pages/' . ('abcd' ^ 'kkkk');", true},
    {"include_from_elsewhere", "include 'http://example.org/a.txt';", true},
    {"command_of_the_request", "exec('ls ' . $_GET['a']);", true},
    {"command_with_a_quoted_word", "exec('ls ' . escapeshellarg($_GET['a']));", false},
    {"command_that_mails", "exec('/usr/sbin/sendmail -t');", true},
    {"command_of_the_site", "exec('ls');", false},
    {"command_that_is_a_number", "exec(-'/usr/sbin/sendmail -t');", false},
    {"file_of_the_request", "file_put_contents('a', $_POST['a']);", true},
    {"file_of_code", "file_put_contents('a.php', '<?php echo 1;');", true},
    {"file_of_the_site", "file_put_contents('a.txt', 'hello');", false},
    {"handle_of_a_file", "$f = fopen('a', 'w'); fwrite($f, $_POST['a']);", true},
    {"handle_of_nobody", "fwrite($f, $_POST['a']);", false},
    {"smtp", "fwrite($f, 'RCPT TO:<' . $to . '>');", true},
    {"smtp_in_two_parts", "$a = 'RC'; fwrite($f, $a . 'PT TO:<' . $to . '>');", true},
    {"upload", "move_uploaded_file($from, $to);", true},
    {"mailer", "use PHPMailer\\PHPMailer\\PHPMailer; $m = new PHPMailer; $m->send();", true},
    {"mailer_by_its_methods", "$m->addAddress($a); $m->send();", true},
    {"sending_of_something_else", "$response->send();", false},
    {"time_limit_off", "set_time_limit(0);", true},
    {"time_limit_on", "set_time_limit(30);", false},
    {"trace_off", "ini_set('mail.add_x_header', 0);", true},
    {"another_setting", "ini_set('display_errors', 0);", false},
};

INSTANTIATE_TEST_SUITE_P(Php, SuspectsTable, testing::ValuesIn(kLooks),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Suspects, AreAllSinksWhereANeighbourCanBeRead) {
  const IncludeReader reader = [](std::string_view path) {
    return path == "./b.php" ? std::optional<std::string>("<?php") : std::nullopt;
  };
  EXPECT_TRUE(suspects_in("include __DIR__ . '/b.php';", reader));
  EXPECT_FALSE(suspects_in("include __DIR__ . '/c.php';", reader));
  EXPECT_FALSE(suspects_in("include SOME_DIRECTORY . '/b.php';", reader));
}

TEST(Suspects, TakeTimeInProportionToCallsOfOneName) {
  std::string code;
  for (int i = 0; i < 20'000; ++i) {
    code += "class A" + std::to_string(i) + " { function f($a) { return $a; } } $x->f($y);\n";
  }
  EXPECT_FALSE(suspects_in(code + "eval($y);", {}));
}

}  // namespace
}  // namespace backscan::php::flow

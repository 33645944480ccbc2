// What carries PHP or settings without being a PHP file, through the whole of `backscan scan`: rules
// over the facts of configuration files, archives and odd places must fire where they should.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli_fixture.h"

namespace backscan::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

class Carriers : public CliTest {
 protected:
  void add_rule(const std::string& name, const std::string& when) {
    write("rules/carrier/" + name + ".yaml",
          "id: carrier/" + name + "\ntitle: Made rule\nclass: carrier\nseverity: high\n"
          "confidence: high\nstatus: stable\ncauses: [spam]\nwhen: " + when +
          "\nmessage: Made.\nremedy: None.\nreferences: []\nfalse_positives: None.\nauthor: tests\n"
          "date: 2026-11-24\n");
  }
  void add_fact_rule(const std::string& name, const std::string& fact) {
    add_rule(name, "{ fact: " + fact + " }");
  }
  /// "rule line" of each finding in a tree that holds only this file.
  std::vector<std::string> scan_of(const std::string& name, const std::string& contents) {
    write("tree/" + name, contents);
    const Outcome outcome = scan({"-f", "json", path("tree")});
    EXPECT_LE(outcome.code, 1) << outcome.err;
    std::vector<std::string> found;
    const json document = json::parse(outcome.out);
    for (const json& finding : document["findings"])
      found.push_back(finding["rule"].get<std::string>() + " " +
                      (finding["line"].is_null() ? "-" : std::to_string(finding["line"].get<int>())));
    std::filesystem::remove_all(path("tree"));
    return found;
  }
};

TEST_F(Carriers, SettingsFilesSpeakThroughFacts) {
  add_fact_rule("prepend", "htaccess.auto-prepend");
  add_fact_rule("handler", "htaccess.handler-odd-extension");
  add_fact_rule("ini-prepend", "ini.auto-prepend");
  add_fact_rule("log-off", "ini.mail-log-off");
  add_fact_rule("header-off", "ini.mail-header-off");
  add_fact_rule("sendmail", "ini.sendmail-path");
  EXPECT_THAT(scan_of(".htaccess", "Options -Indexes\nphp_value auto_prepend_file \"x.jpg\"\n"),
              ElementsAre("carrier/prepend 2"));
  EXPECT_THAT(scan_of(".htaccess", "AddHandler application/x-httpd-php .jpg\n"),
              ElementsAre("carrier/handler 1"));
  EXPECT_THAT(scan_of(".user.ini", "auto_prepend_file = cache/a.png\n"),
              ElementsAre("carrier/ini-prepend 1"));
  EXPECT_THAT(scan_of("php.ini", "; mine\nmail.log = /dev/null\nsendmail_path = /home/u/.x/send\n"),
              ElementsAre("carrier/log-off 2", "carrier/sendmail 3"));
  EXPECT_THAT(scan_of("pool.d/www.conf", "[www]\nphp_admin_value[mail.add_x_header] = Off\n"),
              ElementsAre("carrier/header-off 2"));
}

TEST_F(Carriers, OrdinarySettingsAreSilent) {
  for (const std::string fact : {"htaccess.auto-prepend", "htaccess.handler-odd-extension",
                                 "htaccess.engine-on", "ini.auto-prepend", "ini.mail-log-off",
                                 "ini.sendmail-path"})
    add_fact_rule("r" + std::to_string(fact.size()) + fact.substr(0, 3), fact);
  EXPECT_THAT(scan_of(".htaccess", "# php_value auto_prepend_file x\nAddHandler application/x-httpd-php .php\n"
                                   "RewriteEngine On\nRewriteRule ^ index.php [L]\n"), IsEmpty());
  EXPECT_THAT(scan_of(".user.ini", "; auto_prepend_file = x\nauto_prepend_file = none\nmemory_limit = 64M\n"
                                   "sendmail_path = /usr/sbin/sendmail -t -i\n"), IsEmpty());
}

TEST_F(Carriers, ArchivesSpeakByTheNamesOfTheirMembers) {
  add_fact_rule("member", "file.archive-member-php");
  const auto zip_of = [](const std::string& name) {
    std::string header("PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 26);
    header += static_cast<char>(name.size());
    header += std::string(3, '\0');
    return header + name;
  };
  EXPECT_THAT(scan_of("kit.zip", zip_of("kit/send.php")), ElementsAre("carrier/member 1"));
  EXPECT_THAT(scan_of("photos.zip", zip_of("photos/one.jpg")), IsEmpty());
}

TEST_F(Carriers, PhpIsFoundWhateverTheFileIsCalled) {
  add_rule("shell", "{ code: \"eval\\\\(\\\\$_POST\" }");
  add_fact_rule("by-content", "file.php-by-content");
  add_fact_rule("in-image", "file.php-in-image");
  const std::string shell = "<?php eval($_POST['x']); ?>";
  const std::string jpeg("\xff\xd8\xff\xe0\0\x10JFIF\0\x01", 12);
  const auto rules_of = [&](const std::string& name, const std::string& contents) {
    std::vector<std::string> rules = scan_of(name, contents);
    for (std::string& rule : rules) rule = rule.substr(0, rule.find(' '));
    std::ranges::sort(rules);
    return rules;
  };
  EXPECT_THAT(rules_of("a.jpg", jpeg + shell), ElementsAre("carrier/by-content", "carrier/in-image", "carrier/shell"));
  EXPECT_THAT(rules_of("b.jpg", jpeg + std::string(300'000, '\x11') + shell),
              ElementsAre("carrier/by-content", "carrier/in-image", "carrier/shell")) << "behind the picture";
  EXPECT_THAT(rules_of("favicon.ico", std::string("\0\0\1\0", 4) + shell),
              ElementsAre("carrier/by-content", "carrier/in-image", "carrier/shell"));
  EXPECT_THAT(rules_of("x.svg", "<svg xmlns='http://www.w3.org/2000/svg'>" + shell + "</svg>"),
              ElementsAre("carrier/by-content", "carrier/in-image", "carrier/shell"));
  EXPECT_THAT(rules_of("lib.js", "/* x */\n" + shell), ElementsAre("carrier/by-content", "carrier/shell"));
  EXPECT_THAT(rules_of("noext", shell), ElementsAre("carrier/by-content", "carrier/shell"));
  EXPECT_THAT(rules_of("c.jpg", jpeg + std::string(300'000, '\x11')), IsEmpty());
  EXPECT_THAT(rules_of("d.svg", "<?xml version='1.0'?><svg/>"), IsEmpty());
}

TEST_F(Carriers, TagsOfYesterdayHideNothingFromTodaysServers) {
  add_rule("shell", "{ code: \"eval\\\\(\\\\$_POST\" }");
  const std::string shell = "\n<?php eval($_POST['x']); ?>\n";
  // Where `<?` is PHP, a comment or a string swallows the shell; where it is text, the shell runs.
  EXPECT_THAT(scan_of("a.php", "<? /* ?>" + shell), ElementsAre("carrier/shell 2"));
  EXPECT_THAT(scan_of("b.php", "<% ' %>" + shell), ElementsAre("carrier/shell 2"));
  EXPECT_THAT(scan_of("c.php", "<? <<<X\n ?>" + shell), ElementsAre("carrier/shell 3"));
  // And the other way round.
  EXPECT_THAT(scan_of("d.php", "<? eval($_POST['x']); ?>\n<?php echo 1;"), ElementsAre("carrier/shell 1"));
}

}  // namespace
}  // namespace backscan::test

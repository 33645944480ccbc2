#include "php/carriers.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace backscan::php {
namespace {

/// "name: what stands at its place" of every fact, one a line.
std::string facts_of(std::string_view path, std::string_view bytes) {
  std::string out;
  for (const Fact& fact : carrier_facts(path, bytes)) {
    EXPECT_FALSE(fact.name.empty()) << "not in the vocabulary";
    out.append(fact.name).append(": ");
    out.append(bytes.substr(fact.place.begin, fact.place.end - fact.place.begin)).push_back('\n');
  }
  return out;
}

TEST(Carriers, SeeFilesRunBeforeEveryPage) {
  EXPECT_EQ(facts_of("a/.user.ini", "; x\nauto_prepend_file = \"/home/u/.cache/x.ico\" ; y\n"),
            "ini.auto-prepend: auto_prepend_file = \"/home/u/.cache/x.ico\" ; y\n");
  EXPECT_EQ(facts_of("a/.htaccess", "  PHP_Value auto_append_file 'x.css'\r\n"),
            "htaccess.auto-prepend: PHP_Value auto_append_file 'x.css'\r\n");
  EXPECT_EQ(facts_of("a/.user.ini", "auto_prepend_file =\nauto_append_file = none\n"), "");
  EXPECT_EQ(facts_of("a/.user.ini", ";auto_prepend_file = x.php\n#auto_prepend_file = x.php\n"), "");
}

TEST(Carriers, SeeMailTracesSwitchedOff) {
  EXPECT_EQ(facts_of("php.ini", "mail.log = /dev/null\nmail.add_x_header=Off\n"),
            "ini.mail-log-off: mail.log = /dev/null\nini.mail-header-off: mail.add_x_header=Off\n");
  EXPECT_EQ(facts_of(".htaccess", "php_value mail.log \"\"\nphp_flag mail.add_x_header off"),
            "htaccess.mail-log-off: php_value mail.log \"\"\n"
            "htaccess.mail-header-off: php_flag mail.add_x_header off\n");
  EXPECT_EQ(facts_of("php.ini", "mail.log = /var/log/phpmail.log\nmail.add_x_header = On\n"), "");
  EXPECT_EQ(facts_of("pool.d/site.conf", "[site]\nuser = site\nphp_admin_value[mail.log] = \"\"\n"),
            "ini.mail-log-off: php_admin_value[mail.log] = \"\"\n");
}

TEST(Carriers, SeeOtherProgramsInThePlaceOfSendmail) {
  EXPECT_EQ(facts_of("php.ini", "sendmail_path = /usr/sbin/sendmail -t -i\n"), "");
  EXPECT_EQ(facts_of("php.ini", "sendmail_path = \"/tmp/sendmail -t\"\n"),
            "ini.sendmail-path: sendmail_path = \"/tmp/sendmail -t\"\n");
  EXPECT_EQ(facts_of("php.ini", "sendmail_path = /home/u/public/mailer.sh\n"),
            "ini.sendmail-path: sendmail_path = /home/u/public/mailer.sh\n");
}

TEST(Carriers, SeeFunctionsEnabledWhereTheHostForbadeThem) {
  EXPECT_EQ(facts_of("php.ini", "disable_functions = none\n"),
            "ini.functions-enabled: disable_functions = none\n");
  EXPECT_EQ(facts_of("php.ini", "disable_functions = exec,system\n"), "");
  EXPECT_EQ(facts_of("php.ini", std::string(9000, ';') + "\ndisable_functions =\n"), "")
      << "a whole php.ini has the empty default";
}

TEST(Carriers, SeeHandlersForOddExtensions) {
  const std::string_view path = "uploads/.htaccess";
  for (const std::string_view line :
       {"AddHandler application/x-httpd-php .jpg", "AddType application/x-httpd-php5 .php .suspected",
        "addhandler php-cgi xyz", "AddHandler cgi-script .gif",
        "AddType \"application/x-httpd-ea-php74\" .php \\\n .ico"}) {
    EXPECT_EQ(facts_of(path, line), "htaccess.handler-odd-extension: " + std::string(line) + "\n");
  }
  for (const std::string_view line :
       {"AddHandler application/x-httpd-php .php .php7 .phtml .html", "AddType text/css .css",
        "AddHandler application/x-httpd-php-source .txt", "AddHandler cgi-script .pl .py",
        "# AddHandler application/x-httpd-php .jpg", "AddHandler application/x-httpd-php"}) {
    EXPECT_EQ(facts_of(path, line), "");
  }
  EXPECT_EQ(facts_of(path, "Action my-run /cgi-bin/run.php\nAddHandler my-run .dat\n"),
            "htaccess.handler-odd-extension: AddHandler my-run .dat\n");
}

TEST(Carriers, SeeHandlersSetForFilesThatAreNoPrograms) {
  EXPECT_EQ(facts_of(".htaccess", "<FilesMatch \"\\.(ico|PNG)$\">\nSetHandler application/x-httpd-php\n</FilesMatch>"),
            "htaccess.handler-odd-extension: SetHandler application/x-httpd-php\n");
  EXPECT_EQ(facts_of(".htaccess", "<Files .htaccess>\nForceType application/x-httpd-php\n</Files>"),
            "htaccess.handler-odd-extension: ForceType application/x-httpd-php\n");
  EXPECT_EQ(facts_of(".htaccess", "<FilesMatch \"\\.(php|phtml)$\">\n"
                                  "SetHandler \"proxy:unix:/run/php/fpm.sock|fcgi://localhost\"\n</FilesMatch>"),
            "");
  EXPECT_EQ(facts_of(".htaccess", "<Files x.jpg>\n</Files>\nSetHandler application/x-httpd-php\n"), "");
}

TEST(Carriers, SeeTheEngineSwitchedOn) {
  EXPECT_EQ(facts_of("uploads/.htaccess", "php_flag engine on"),
            "htaccess.engine-on: php_flag engine on\n");
  EXPECT_EQ(facts_of("uploads/.htaccess", "php_flag engine off"), "");
}

TEST(Carriers, SeeVisitorsOfSearchEnginesSentElsewhere) {
  const std::string_view redirect =
      "RewriteEngine On\n"
      "RewriteCond %{HTTP_REFERER} .*google.* [OR]\n"
      "RewriteCond %{HTTP_REFERER} .*bing.*\n"
      "RewriteRule ^(.*)$ http://pills.example/in.php?q=$1 [R=302,L]\n";
  EXPECT_EQ(facts_of(".htaccess", redirect),
            "htaccess.redirect-foreign: RewriteRule ^(.*)$ http://pills.example/in.php?q=$1 [R=302,L]\n");
  for (const std::string_view honest :
       {// Hot-link protection: everyone but search engines and the site itself.
        "RewriteCond %{HTTP_REFERER} !google\\.\nRewriteRule \\.jpg$ http://www.example.com/no.png [R]\n",
        // Bots are refused.
        "RewriteCond %{HTTP_USER_AGENT} (AhrefsBot|spider) [NC]\nRewriteRule .* - [F]\n",
        // The site's own name.
        "RewriteCond %{HTTP_USER_AGENT} Googlebot\nRewriteRule ^(.*)$ https://%{HTTP_HOST}/$1 [R=301]\n",
        // The condition belonged to the rule before.
        "RewriteCond %{HTTP_USER_AGENT} bot\nRewriteRule .* - [F]\nRewriteRule ^a$ http://x.example/ [R]\n"}) {
    EXPECT_EQ(facts_of(".htaccess", honest), "");
  }
}

std::string little_endian(std::size_t value, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xffU));
  return out;
}

std::string zip_member(std::string_view name, std::string_view data) {
  return "PK\x03\x04" + std::string(14, '\0') + little_endian(data.size(), 4) +
         little_endian(data.size(), 4) + little_endian(name.size(), 2) + little_endian(0, 2) +
         std::string(name) + std::string(data);
}

std::string zip_directory_entry(std::string_view name) {
  return "PK\x01\x02" + std::string(24, '\0') + little_endian(name.size(), 2) + std::string(16, '\0') +
         std::string(name);
}

std::string zip_end(std::size_t directory_offset) {
  return "PK\x05\x06" + std::string(12, '\0') + little_endian(directory_offset, 4) + std::string(2, '\0');
}

TEST(Carriers, SeePhpMembersOfZipArchives) {
  const std::string members = zip_member("a.txt", "x") + zip_member("kit/mail.PHP", "y");
  const std::string expected = "file.archive-member-php: kit/mail.PHP\n";
  EXPECT_EQ(facts_of("x.zip", members), expected) << "only the head is there";
  const std::string whole = members + zip_directory_entry("a.txt") + zip_directory_entry("kit/mail.PHP") +
                            zip_end(members.size());
  EXPECT_EQ(facts_of("x.zip", whole), expected);
  EXPECT_EQ(facts_of("x.zip", zip_member("a.txt", "php") + zip_member("b.inc", "")), "");
}

TEST(Carriers, SeePhpMembersInTheTailOfALargeZip) {
  const std::string tail = zip_directory_entry("a.txt") + zip_directory_entry("b.php") + zip_end(5000);
  const std::vector<Fact> facts = carrier_facts("x.zip", zip_member("a.txt", "x"), tail, 5000);
  ASSERT_EQ(facts.size(), 1U);
  EXPECT_EQ(facts[0].source, "b.php");
  EXPECT_EQ(facts[0].place.begin, 5000U + zip_directory_entry("a.txt").size() + 46);
}

std::string tar_member(std::string_view name, std::size_t size, char type = '0') {
  std::string header(512, '\0');
  header.replace(0, name.size(), name);
  char digits[13];
  std::snprintf(digits, sizeof digits, "%011zo", size);
  header.replace(124, 11, digits, 11);
  header[156] = type;
  header.replace(257, 5, "ustar");
  return header + std::string((size + 511) / 512 * 512, 'x');
}

TEST(Carriers, SeePhpMembersOfTarArchives) {
  const std::string tar = tar_member("readme", 700) + tar_member("kit/", 0, '5') + tar_member("kit/a.php", 3);
  const std::vector<Fact> facts = carrier_facts("x.tar", tar);
  ASSERT_EQ(facts.size(), 1U);
  EXPECT_EQ(facts[0].name, "file.archive-member-php");
  EXPECT_EQ(facts[0].source, "kit/a.php");
  EXPECT_TRUE(carrier_facts("x.tar", tar_member("readme", 700)).empty());
  EXPECT_TRUE(carrier_facts("x.tar", tar.substr(0, 900)).empty());
}

TEST(Carriers, SurviveAnyBytes) {
  const std::string seeds[] = {
      zip_member("a.txt", "x") + zip_directory_entry("b.php") + zip_end(36), tar_member("a", 5) + tar_member("b", 9),
      "<Files \"a.jpg\nSetHandler php\nRewriteCond %{HTTP_REFERER} google\nRewriteRule . http://x.y/ \\\n"};
  std::mt19937 random(5);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = seeds[random() % 3];
    for (int flips = 0; flips < 6; ++flips) bytes[random() % bytes.size()] = static_cast<char>(random() & 0xffU);
    bytes.resize(random() % (bytes.size() + 1));
    for (const std::string_view path : {".htaccess", ".user.ini", "php.ini", "a.conf", "x"}) {
      for (const Fact& fact : carrier_facts(path, bytes)) ASSERT_FALSE(fact.name.empty());
    }
  }
}

}  // namespace
}  // namespace backscan::php

#include "hosting/accounts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/hosting/made_root.h"

namespace backscan::hosting {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class AccountsOf : public MadeRoot {
 protected:
  void SetUp() override {
    MadeRoot::SetUp();
    file("/etc/passwd",
         "root:x:0:0::/root:/bin/sh\n"
         "www-data:x:33:33::/var/www:/usr/sbin/nologin\n"
         "alice:x:1001:1001::/home/alice:/bin/sh\n"
         "bob:x:1002:1002::/home/bob:/bin/sh\n"
         "web3:x:5003:5003::/var/www/clients/client1/web3:/bin/false\n"
         "broken\nbad:x:notanumber:0::/:/\n");
  }
  /// "account: docroot domain alias…" of every site.
  std::vector<std::string> sites() const {
    std::vector<std::string> out;
    for (const Account& account : discover_accounts(root_).accounts)
      for (const Site& site : account.sites) {
        out.push_back(account.name + ": " + site.docroot + ' ' + site.domain);
        for (const std::string& alias : site.aliases) out.back() += ' ' + alias;
      }
    return out;
  }
};

TEST_F(AccountsOf, CpanelComeFromItsFlatFile) {
  file("/etc/userdatadomains",
       "alice.example: alice==root==main==alice.example==/home/alice/public_html==192.0.2.1:80==\n"
       "shop.example: alice==root==addon==alice.example==/home/alice/shop==192.0.2.1:80==\n"
       "old.example: alice==root==parked==alice.example==/home/alice/public_html==192.0.2.1:80==\n"
       "torn.example: bob==root\n");
  file("/etc/exim.conf.localopts", "per_domain_mailips=1\n");
  file("/etc/mailips",
       "*: 192.0.2.1\nshop.example: 192.0.2.9;2001:db8::9\nother.example: 192.0.2.8\n");
  EXPECT_THAT(sites(), ElementsAre("alice: /home/alice/public_html alice.example old.example",
                                   "alice: /home/alice/shop shop.example"));
  const Account alice = discover_accounts(root_).accounts[0];
  EXPECT_EQ(alice.uid, 1001u);
  EXPECT_EQ(alice.home, "/home/alice");
  EXPECT_EQ(alice.source, "cpanel");
  EXPECT_THAT(alice.sending_ips, ElementsAre("192.0.2.9", "2001:db8::9"));
  EXPECT_EQ(alice.sites[0].source, "/etc/userdatadomains:1");
  EXPECT_FALSE(alice.sites[0].is_present);
}

TEST_F(AccountsOf, CpanelWithoutTheFlatFileComeFromUserdata) {
  directory("/var/cpanel");
  file("/etc/userdomains",
       "*: nobody\nalice.example: alice\nbob.example: bob\n"
       "../../x: alice\ny.example: ../../root\n");
  file("/var/cpanel/userdata/alice/alice.example",
       "---\ncustomlog:\n  documentroot: /wrong\ndocumentroot: /home/alice/www\n"
       "serveralias: www.alice.example mail.alice.example\n");
  EXPECT_THAT(sites(), ElementsAre("alice: /home/alice/www alice.example www.alice.example "
                                   "mail.alice.example",
                                   "bob: /home/bob/public_html bob.example"));
}

TEST_F(AccountsOf, DirectAdmin) {
  file("/etc/virtual/domainowners", "alice.example: alice\nbob.example: bob\n");
  file("/etc/virtual/domainips", "bob.example:192.0.2.7\n");
  directory("/home/alice/domains/alice.example/public_html");
  symlink("/home/alice/domains/alice.example/private_html", "./public_html");
  directory("/home/bob/domains/bob.example/private_html");
  EXPECT_THAT(sites(),
              ElementsAre("alice: /home/alice/domains/alice.example/public_html alice.example",
                          "bob: /home/bob/domains/bob.example/private_html bob.example",
                          "bob: /home/bob/domains/bob.example/public_html bob.example"));
  EXPECT_THAT(discover_accounts(root_).accounts[1].sending_ips, ElementsAre("192.0.2.7"));
}

TEST_F(AccountsOf, Virtualmin) {
  file("/etc/webmin/virtual-server/domains/1",
       "dom=alice.example\nuser=alice\nhome=/home/alice\n"
       "public_html_path=/home/alice/public_html\n");
  file("/etc/webmin/virtual-server/domains/2",
       "dom=sub.example\nuser=alice\nparent=1\nhome=/home/alice/domains/sub.example\n");
  file("/etc/webmin/virtual-server/domains/3",
       "dom=alias.example\nuser=alice\nalias=1\n"
       "home=/home/alice/domains/alias.example\n");
  EXPECT_THAT(sites(), ElementsAre("alice: /home/alice/domains/sub.example/public_html sub.example",
                                   "alice: /home/alice/public_html alice.example"));
}

TEST_F(AccountsOf, CyberPanel) {
  file("/usr/local/lsws/conf/vhosts/a.example/vhost.conf",
       "docRoot                   $VH_ROOT/public_html\nextprocessor a1 {\n  extUser  alice\n}\n");
  file("/usr/local/lsws/conf/vhosts/Example/vhost.conf", "docRoot $VH_ROOT/html/\n");
  EXPECT_THAT(sites(), ElementsAre("alice: /home/a.example/public_html a.example"));
}

TEST_F(AccountsOf, PleskWithSubdomains) {
  directory("/var/www/vhosts/p.example/httpdocs");
  directory("/var/www/vhosts/default/httpdocs");
  file("/var/www/vhosts/system/p.example/conf/httpd.conf",
       "<VirtualHost 192.0.2.1:443>\n  ServerName \"p.example:443\"\n"
       "  DocumentRoot \"/var/www/vhosts/p.example/httpdocs\"\n  SuexecUserGroup \"alice\" "
       "\"psacln\"\n</VirtualHost>\n"
       "<VirtualHost 192.0.2.1:80>\n  ServerName blog.p.example\n"
       "  DocumentRoot /var/www/vhosts/p.example/blog.p.example\n"
       "  SuexecUserGroup alice psacln\n</VirtualHost>\n");
  EXPECT_THAT(sites(), ElementsAre("alice: /var/www/vhosts/p.example/blog.p.example blog.p.example",
                                   "alice: /var/www/vhosts/p.example/httpdocs p.example"));
}

TEST_F(AccountsOf, IspConfigWithItsLinks) {
  directory("/var/www/clients/client1/web3/web");
  symlink("/var/www/i.example", "/var/www/clients/client1/web3");
  symlink("/var/www/j.example", "clients/client1/web3");
  directory("/var/www/html");
  EXPECT_THAT(sites(), ElementsAre("web3: /var/www/clients/client1/web3/web i.example j.example"));
  EXPECT_EQ(discover_accounts(root_).accounts[0].uid, 5003u);
}

TEST_F(AccountsOf, ApacheFollowsIncludesAndVariables) {
  file("/etc/apache2/apache2.conf",
       "Define SITES /srv/sites\nDocumentRoot /var/www/html\nIncludeOptional sites-enabled/*.conf\n"
       "Include missing.conf\n");
  file("/etc/apache2/envvars", "export TOP=/srv/env\n");
  file("/etc/apache2/sites-available/a.conf",
       "<IfModule mod_ssl.c>\n<VirtualHost *:443>\n  ServerName https://A.Example:443\n"
       "  ServerAlias www.a.example \\\n    old.a.example\n  DocumentRoot ${SITES}/a\n"
       "  # DocumentRoot /commented\n  AssignUserID alice alice\n</VirtualHost>\n</IfModule>\n");
  symlink("/etc/apache2/sites-enabled/a.conf", "../sites-available/a.conf");
  file("/etc/apache2/sites-enabled/b.conf",
       "<virtualhost *:80>\n  SERVERNAME b.example\n  documentroot \"${TOP}/b c\"\n"
       "  <FilesMatch \\.php$>\n    SetHandler \"proxy:unix:/run/php/b.sock|fcgi://localhost\"\n"
       "  </FilesMatch>\n</virtualhost>\n"
       "<VirtualHost *:80>\n  ServerName c.example\n  Alias /files /srv/files\n"
       "  Alias /icons /usr/share/icons\n  DocumentRoot /srv/c\n</VirtualHost>\n"
       "<VirtualHost *:80>\n  ServerName noroot.example\n</VirtualHost>\n");
  file("/etc/php/8.2/fpm/pool.d/b.conf",
       "; user = nobody\n[b]\nuser = bob\nlisten = /run/php/$pool.sock\n");
  EXPECT_THAT(sites(),
              UnorderedElementsAre("/var/www/html: /var/www/html noroot.example",
                                   "alice: /srv/sites/a a.example www.a.example old.a.example",
                                   "bob: /srv/env/b c b.example", "c.example: /srv/c c.example",
                                   "c.example: /srv/files c.example"));
}

TEST_F(AccountsOf, ApacheSitesGoToThePanelsAccountAroundThem) {
  file(
      "/etc/userdatadomains",
      "alice.example: alice==root==main==alice.example==/home/alice/public_html==192.0.2.1:80==\n");
  file("/etc/httpd/conf/httpd.conf",
       "<VirtualHost *>\nServerName www.alice.example\nDocumentRoot /home/alice/public_html/\n"
       "</VirtualHost>\n<VirtualHost *>\nServerName dev.example\n"
       "DocumentRoot /home/alice/public_html/../dev\n</VirtualHost>\n");
  EXPECT_THAT(sites(), ElementsAre("alice: /home/alice/dev dev.example",
                                   "alice: /home/alice/public_html alice.example "
                                   "www.alice.example"));
}

TEST_F(AccountsOf, ApacheUserDirectoriesAndMassVirtualHosts) {
  file("/etc/apache2/apache2.conf",
       "UserDir public_html\n<VirtualHost *>\nVirtualDocumentRoot /srv/vhosts/%0/htdocs\n"
       "</VirtualHost>\n");
  directory("/home/alice/public_html");
  EXPECT_THAT(sites(), ElementsAre("/srv/vhosts: /srv/vhosts ", "alice: /home/alice/public_html "));
}

TEST_F(AccountsOf, NginxInheritsRootsAndFollowsIncludes) {
  file("/etc/nginx/nginx.conf",
       "events {}\nhttp {\n  root /srv/default;\n  upstream php { server unix:/run/php/b.sock; }\n"
       "  include sites-enabled/*;\n}\n");
  file("/etc/nginx/sites-enabled/n.conf",
       "server { server_name _; }\n"
       "server {\n  listen 443 ssl; # root /commented;\n  server_name n.example www.n.example\n"
       "    ~^x\\d+$;\n  root \"/srv/n site\";\n  location /media { alias /srv/media/; }\n"
       "  location ~ \"^/x{2,3}\\.php$\" { include snippets/php.conf; }\n}\n"
       "server { server_name m.example; root /srv/m/$host/htdocs; location / { include "
       "snippets/php.conf; } }\n");
  file("/etc/nginx/snippets/php.conf", "fastcgi_pass php;\n");
  file("/etc/php-fpm.d/b.conf", "[b]\nuser = bob\nlisten = /run/php/b.sock\n");
  EXPECT_THAT(sites(), UnorderedElementsAre("/srv/default: /srv/default ",
                                            "bob: /srv/n site n.example www.n.example",
                                            "bob: /srv/media n.example www.n.example",
                                            "bob: /srv/m m.example"));
}

TEST_F(AccountsOf, IncludesStayInsideEtc) {
  file("/home/alice/evil.conf",
       "<VirtualHost *>\nServerName evil.example\n"
       "DocumentRoot /srv/evil\n</VirtualHost>\n");
  file("/etc/apache2/apache2.conf",
       "Include /home/alice/evil.conf\nInclude linked.conf\n"
       "Include ../../home/alice/evil.conf\n");
  symlink("/etc/apache2/linked.conf", "/home/alice/evil.conf");
  const Accounts found = discover_accounts(root_);
  EXPECT_THAT(found.accounts, IsEmpty());
  EXPECT_THAT(found.errors, SizeIs(2));
  for (const ErrorRecord& error : found.errors) EXPECT_TRUE(error.is_note);
}

TEST_F(AccountsOf, CirclesAndNonsenseEnd) {
  file("/etc/apache2/apache2.conf",
       "Include apache2.conf\nInclude apache2.conf\nDefine\n"
       "<VirtualHost\n</VirtualHost>\nDocumentRoot\n\"\n\\\n${\n"
       "DocumentRoot relative/${X}/d\nServerName \"unclosed\n");
  file("/etc/nginx/nginx.conf", "include nginx.conf;include nginx.conf;} } { { root \"");
  file("/etc/userdatadomains",
       ": ==\n: a==b==c==d==e==f\nx: ==a==b==c==/\n" + std::string(1000, '='));
  file("/etc/virtual/domainowners", "../../etc: root\nx: /\n:::\n");
  file("/etc/webmin/virtual-server/domains/1", "user=\ndom=\npublic_html_path=relative\n");
  directory("/usr/local/lsws/conf/vhosts/x/vhost.conf");
  const Accounts found = discover_accounts(root_);
  for (const ErrorRecord& error : found.errors) EXPECT_TRUE(error.is_note) << error.path;
}

TEST_F(AccountsOf, NestingIsBounded) {
  std::string nested;
  for (int i = 0; i < 100'000; ++i) nested += "server{";
  for (int i = 0; i < 100'000; ++i) nested += '}';
  file("/etc/nginx/nginx.conf", nested + "server{server_name after.example;root /srv/after;}");
  EXPECT_THAT(sites(), ElementsAre("after.example: /srv/after after.example"));
}

TEST_F(AccountsOf, ARootThatIsNotThereIsAnError) {
  const Accounts found = discover_accounts(root_ + "/missing");
  ASSERT_THAT(found.errors, SizeIs(1));
  EXPECT_FALSE(found.errors[0].is_note);
}

TEST_F(AccountsOf, SymlinkedHomesAreResolved) {
  directory("/home2/alice/public_html");
  symlink("/home/alice", "/home2/alice");
  file(
      "/etc/userdatadomains",
      "alice.example: alice==root==main==alice.example==/home/alice/public_html==192.0.2.1:80==\n");
  EXPECT_THAT(sites(), ElementsAre("alice: /home2/alice/public_html alice.example"));
  EXPECT_EQ(discover_accounts(root_).accounts[0].home, "/home2/alice");
}

TEST(AccountIndex, FindsTheInnermostOwner) {
  const std::vector<Account> accounts = {
      {.name = "alice",
       .uid = 1001,
       .home = "/home/alice",
       .sites = {{.docroot = "/home/alice/public_html", .domain = "alice.example"},
                 {.docroot = "/home/alice/public_html/shop",
                  .domain = "shop.example",
                  .aliases = {"www.shop.example"}}}},
      {.name = "bob", .uid = 1002, .home = "/home/bob"},
      {.name = "carol", .uid = 1002, .home = "/home/carol"}};
  const AccountIndex index(accounts);
  EXPECT_EQ(index.account_of("/home/alice/public_html/shop/a/b.php").site->domain, "shop.example");
  EXPECT_EQ(index.account_of("/home/alice/public_html/shopping/x.php").site->domain,
            "alice.example");
  EXPECT_EQ(index.account_of("/home/alice/mail/x").account->name, "alice");
  EXPECT_EQ(index.account_of("/home/alice/mail/x").site, nullptr);
  EXPECT_EQ(index.account_of("/home/alicex/x").account, nullptr);
  EXPECT_EQ(index.account_of("").account, nullptr);
  EXPECT_EQ(index.by_uid(1001)->name, "alice");
  EXPECT_EQ(index.by_uid(1002), nullptr);
  EXPECT_EQ(index.by_name("carol")->home, "/home/carol");
  EXPECT_EQ(index.by_domain("WWW.shop.example").site->domain, "shop.example");
}

TEST(ScanRoots, LeaveOutWhatLiesInsideAnother) {
  const std::vector<Account> accounts = {
      {.name = "a",
       .sites = {{.docroot = "/srv/a"},
                 {.docroot = "/srv/a/sub"},
                 {.docroot = "/srv/a-b"},
                 {.docroot = "/gone", .is_present = false}}},
      {.name = "b", .sites = {{.docroot = "/srv/a/sub/deep"}, {.docroot = "/srv/b"}}}};
  EXPECT_THAT(scan_roots(accounts), UnorderedElementsAre("/srv/a", "/srv/a-b", "/srv/b"));
}

}  // namespace
}  // namespace backscan::hosting

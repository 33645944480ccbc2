#include "hosting/addresses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/hosting/made_root.h"

namespace backscan::hosting {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Addresses : public MadeRoot {
 protected:
  /// "ip source" of every global address.
  std::vector<std::string> found() const {
    std::vector<std::string> out;
    for (const SendingAddress& address : discover_addresses(root_).addresses)
      out.push_back(address.ip + ' ' + address.source);
    return out;
  }
};

TEST_F(Addresses, ReadsCpanelsFiles) {
  file("/var/cpanel/mainip", "192.0.2.1");
  file("/etc/ips", "192.0.2.2:255.255.255.0:192.0.2.255\n");
  file("/etc/exim.conf.localopts", "callouts=0\nper_domain_mailips=1\n");
  file("/etc/mailips",
       "# comment: 203.0.113.99\n*: 192.0.2.3\nshop.example: 192.0.2.4;2001:db8::4\n");
  file("/var/cpanel/cpnat", "10.0.0.5 192.0.2.5\n10.0.0.6\n");
  EXPECT_THAT(found(), ElementsAre("192.0.2.1 /var/cpanel/mainip", "192.0.2.2 /etc/ips:1",
                                   "192.0.2.3 /etc/mailips:2", "192.0.2.4 /etc/mailips:3",
                                   "192.0.2.5 /var/cpanel/cpnat:1", "2001:db8::4 /etc/mailips:3"));
}

TEST_F(Addresses, IgnoresMailipsThatEximDoesNotUse) {
  file("/etc/exim.conf.localopts", "per_domain_mailips=0\n");
  file("/etc/mailips", "*: 192.0.2.3\n");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(Addresses, ReadsPostfixsSettings) {
  file("/etc/postfix/main.cf",
       "# smtp_bind_address = 203.0.113.1\n"
       "out_ip = 192.0.2.7\n"
       "smtp_bind_address = 198.51.100.1\n"
       "smtp_bind_address =\n"
       "  $out_ip\n"
       "smtp_bind_address6 = [2001:db8::7]\n"
       "inet_interfaces = 127.0.0.1, 192.0.2.8\n"
       "proxy_interfaces = 203.0.113.8\n");
  file("/etc/postfix/master.cf",
       "smtp inet n - y - - smtpd\n"
       "out1 unix - - n - - smtp\n"
       "  -o smtp_bind_address=192.0.2.9\n"
       "  -o { smtp_bind_address6 = 2001:db8::9 }\n"
       "#out2 unix - - n - - smtp -o smtp_bind_address=203.0.113.2\n");
  EXPECT_THAT(
      found(),
      ElementsAre("192.0.2.7 /etc/postfix/main.cf:4", "192.0.2.8 /etc/postfix/main.cf:7",
                  "192.0.2.9 /etc/postfix/master.cf:2", "2001:db8::7 /etc/postfix/main.cf:6",
                  "2001:db8::9 /etc/postfix/master.cf:2", "203.0.113.8 /etc/postfix/main.cf:8"));
}

TEST_F(Addresses, SurvivesPostfixVariablesThatNeverEnd) {
  file("/etc/postfix/main.cf", "a = $b$b\nb = $a$a\nsmtp_bind_address = $a ${a $(b) ${ $\n");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(Addresses, TakesOneInterfaceButNotSeveralForThePostfixSource) {
  file("/etc/postfix/main.cf", "inet_interfaces = 192.0.2.8, 192.0.2.9\n");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(Addresses, NamesTheSmarthost) {
  file("/etc/postfix/main.cf", "relayhost = [smtp.example.net]:587\n");
  EXPECT_EQ(discover_addresses(root_).relayhost, "[smtp.example.net]:587");
}

TEST_F(Addresses, ReadsInterfacesOfEximsTransportsOnly) {
  file("/etc/exim.conf",
       "MAIN_IP = 192.0.2.20\n"
       "begin routers\n"
       "smart:\n  driver = manualroute\n  route_list = * mail.example.net byname\n"
       "  interface = 203.0.113.1\n"
       "begin transports\n"
       "a:\n  interface = MAIN_IP\n"
       "b:\n  interface = <; 192.0.2.21 ; 2001:db8::21\n"
       "c:\n  interface = 192.0.2.22 : 2001::db8::::22\n"
       "d:\n  interface = ${if exists{/etc/x}{${lookup{$d}lsearch{/etc/x}}}{192.0.2.23}}\n"
       "#  interface = 203.0.113.2\n"
       "begin retry\n");
  EXPECT_THAT(found(),
              ElementsAre("192.0.2.20 /etc/exim.conf:9", "192.0.2.21 /etc/exim.conf:11",
                          "192.0.2.22 /etc/exim.conf:13", "192.0.2.23 /etc/exim.conf:15",
                          "2001:db8::21 /etc/exim.conf:11", "2001:db8::22 /etc/exim.conf:13"));
  EXPECT_EQ(discover_addresses(root_).relayhost, "mail.example.net");
}

TEST_F(Addresses, ReadsDebiansSplitEximConfiguration) {
  file("/etc/exim4/conf.d/transport/30_exim4-config_remote_smtp",
       "remote_smtp:\n  driver = smtp\n  interface = 192.0.2.30\n");
  file("/etc/exim4/conf.d/router/200_exim4-config_primary",
       "smarthost:\n  route_list = * DCsmarthost byname\n");
  file("/etc/exim4/update-exim4.conf.conf",
       "dc_eximconfig_configtype='internet'\ndc_smarthost='old.example.net'\n");
  EXPECT_THAT(found(), ElementsAre("192.0.2.30 "
                                   "/etc/exim4/conf.d/transport/30_exim4-config_remote_smtp:3"));
  EXPECT_EQ(discover_addresses(root_).relayhost, "");
  file("/etc/exim4/update-exim4.conf.conf",
       "dc_eximconfig_configtype='satellite'\ndc_smarthost='mail.example.net::587'\n");
  EXPECT_EQ(discover_addresses(root_).relayhost, "mail.example.net::587");
}

TEST_F(Addresses, SaysWhenAllAddressesArePrivate) {
  file("/var/cpanel/mainip", "10.0.0.5\n");
  const auto addresses = discover_addresses(root_);
  EXPECT_TRUE(addresses.only_private);
  EXPECT_THAT(addresses.addresses, IsEmpty());
  ASSERT_THAT(addresses.private_addresses, SizeIs(1));
  EXPECT_EQ(addresses.private_addresses[0].ip, "10.0.0.5");
}

TEST_F(Addresses, StaysInsideTheRoot) {
  file("/outside/mainip", "192.0.2.66\n");
  // Seen from the host, /outside/mainip is the file above; the real file system's is not meant.
  symlink("/var/cpanel/mainip", "/outside/mainip");
  symlink("/etc/ips", "../../../../../../../../etc/hostname");
  EXPECT_THAT(found(), ElementsAre("192.0.2.66 /var/cpanel/mainip"));
}

TEST_F(Addresses, ToleratesHostileFiles) {
  directory("/etc/mailips");
  directory("/etc/postfix/main.cf");
  symlink("/etc/ips", "/etc/ips");
  file("/var/cpanel/mainip", std::string("192.0.2.1\0", 10) + std::string(100'000, 'x'));
  file("/etc/exim.conf", std::string(200'000, '{') + "\ninterface =\nbegin\nbegin transports\n=\n");
  const auto addresses = discover_addresses(root_);
  EXPECT_THAT(addresses.addresses, IsEmpty());
  for (const ErrorRecord& error : addresses.errors) EXPECT_TRUE(error.is_note) << error.path;
}

TEST_F(Addresses, TellsARootThatIsNotThere) {
  const auto addresses = discover_addresses(root_ + "/missing");
  ASSERT_THAT(addresses.errors, SizeIs(1));
  EXPECT_EQ(addresses.errors[0].path, root_ + "/missing");
}

TEST(ThisHost, IsLookedAtWithoutTrouble) {
  for (const SendingAddress& address : discover_addresses("/").addresses)
    EXPECT_FALSE(address.source.empty()) << address.ip;
}

}  // namespace
}  // namespace backscan::hosting

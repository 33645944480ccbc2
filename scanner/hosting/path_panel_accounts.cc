// The panels whose database tells the accounts, but whose paths tell them, too: Plesk, ISPConfig.
#include "hosting/account_sources.h"
#include "hosting/apache_config.h"

namespace backscan::hosting {
namespace {

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string owner_name(const AccountBuilder& builder, const std::string& path,
                       const std::string& otherwise) {
  const auto status = builder.root().status(path);
  if (!status) return otherwise;
  const Users::User* const user = builder.users().by_uid(status->st_uid);
  return user != nullptr && user->is_person() ? user->name : otherwise;
}

}  // namespace

void collect_plesk_accounts(AccountBuilder& builder) {
  const std::string vhosts = "/var/www/vhosts";
  const RootedDirectory& root = builder.root();
  if (!root.is_directory(vhosts + "/system") && !root.is_directory("/usr/local/psa")) return;
  // What Plesk wrote for the web server names every docroot, subdomains' too, with its user.
  for (const std::string& path : root.glob(vhosts + "/system/*/conf/httpd.conf")) {
    const auto text = builder.read(path);
    if (!text) continue;
    for (const VirtualHost& host : parse_virtual_hosts(*text, path)) {
      FoundSite site = host.site;
      if (site.user.empty()) site.user = owner_name(builder, site.docroot, "");
      builder.add_panel_site(site, "plesk");
    }
  }
  for (const std::string& docroot : root.glob(vhosts + "/*/httpdocs")) {
    const std::string directory = docroot.substr(0, docroot.rfind('/'));
    const std::string domain = last_part(directory);
    if (domain == "system" || domain == "default" || domain == "chroot") continue;
    builder.add_panel_site({.user = owner_name(builder, docroot, domain),
                            .domain = domain,
                            .docroot = docroot,
                            .source = directory},
                           "plesk");
  }
}

void collect_ispconfig_accounts(AccountBuilder& builder) {
  const RootedDirectory& root = builder.root();
  const auto webs = root.glob("/var/www/clients/client*/web*/web");
  if (webs.empty()) return;
  // /var/www/example.com is a link to the directory above the document root.
  std::map<std::string, std::vector<std::string>> names;
  for (const std::string& link : root.glob("/var/www/*"))
    if (const auto real = root.real_path(link); real && *real != link)
      names[*real].push_back(last_part(link));
  for (const std::string& docroot : webs) {
    const std::string directory = docroot.substr(0, docroot.rfind('/'));
    FoundSite site{.user = last_part(directory), .docroot = docroot, .source = directory};
    if (const auto it = names.find(directory); it != names.end()) {
      site.domain = it->second.front();
      site.aliases.assign(it->second.begin() + 1, it->second.end());
    }
    builder.add_panel_site(site, "ispconfig");
  }
}

}  // namespace backscan::hosting

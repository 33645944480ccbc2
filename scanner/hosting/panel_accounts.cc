// The panels that keep one file or directory a domain: DirectAdmin, Virtualmin, CyberPanel.
#include "base/text.h"
#include "hosting/account_sources.h"
#include "hosting/lines.h"

namespace backscan::hosting {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

/// "key=value" lines; the first of a key counts.
Values read_values(std::string_view text) {
  Values values;
  for_each_line(text, [&](std::string_view line, std::size_t) {
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos)
      values.emplace(trim(line.substr(0, equals)), trim(line.substr(equals + 1)));
  });
  return values;
}

std::string value_of(const Values& values, std::string_view key) {
  const auto it = values.find(key);
  return it == values.end() ? std::string() : it->second;
}

std::string home_of(const AccountBuilder& builder, const std::string& user) {
  const Users::User* const known = builder.users().by_name(user);
  return known != nullptr && !known->home.empty() ? known->home : "/home/" + user;
}

/// The person who owns a path.
std::string owner_of(const AccountBuilder& builder, const std::string& path) {
  const auto status = builder.root().status(path);
  if (!status) return {};
  const Users::User* const user = builder.users().by_uid(status->st_uid);
  return user != nullptr && user->is_person() ? user->name : std::string();
}

}  // namespace

void collect_directadmin_accounts(AccountBuilder& builder) {
  const std::string owners = "/etc/virtual/domainowners";
  const auto text = builder.read(owners);
  if (!text) return;
  for_each_line(*text, [&](std::string_view line, std::size_t number) {
    const auto parts = split_at(line, ": \t");
    if (parts.size() != 2 || parts[0].contains('/') || parts[1].contains('/')) return;
    const std::string user(parts[1]);
    const std::string domain(parts[0]);
    const std::string base = home_of(builder, user) + "/domains/" + domain;
    builder.add_panel_site({.user = user,
                            .domain = domain,
                            .docroot = base + "/public_html",
                            .source = place_of(owners, number)},
                           "directadmin");
    // Usually a link to public_html; where it is not, it is a site of its own.
    if (builder.root().is_directory(base + "/private_html"))
      builder.add_panel_site({.user = user,
                              .domain = domain,
                              .docroot = base + "/private_html",
                              .source = place_of(owners, number)},
                             "directadmin");
  });
  const auto ips = builder.read("/etc/virtual/domainips");
  if (!ips) return;
  for_each_line(*ips, [&](std::string_view line, std::size_t) {
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos)
      builder.add_sending_ip(builder.user_of_domain(std::string(trim(line.substr(0, colon)))),
                             line.substr(colon + 1));
  });
}

void collect_virtualmin_accounts(AccountBuilder& builder) {
  for (const std::string& path : builder.root().glob("/etc/webmin/virtual-server/domains/*")) {
    const auto text = builder.read(path);
    if (!text) continue;
    const Values values = read_values(*text);
    const std::string home = value_of(values, "home");
    std::string docroot = value_of(values, "public_html_path");
    // An alias of another domain has no files of its own.
    if (docroot.empty() && value_of(values, "alias").empty() && !home.empty())
      docroot = home + "/public_html";
    builder.add_panel_site({.user = value_of(values, "user"),
                            .domain = value_of(values, "dom"),
                            .docroot = docroot,
                            .source = path},
                           "virtualmin");
  }
}

void collect_cyberpanel_accounts(AccountBuilder& builder) {
  const std::string pattern = "/usr/local/lsws/conf/vhosts/*/vhost.conf";
  for (const std::string& path : builder.root().glob(pattern)) {
    const auto text = builder.read(path);
    if (!text) continue;
    const std::string directory = path.substr(0, path.rfind('/'));
    const std::string domain = directory.substr(directory.rfind('/') + 1);
    if (domain == "Example") continue;  // OpenLiteSpeed's own sample
    const std::string vhost_root = "/home/" + domain;
    std::string docroot = vhost_root + "/public_html";
    std::string user;
    for_each_line(*text, [&](std::string_view line, std::size_t) {
      const auto words = split_words(line);
      if (words.size() < 2) return;
      if (words[0] == "docRoot") docroot = words[1];
      if (words[0] == "extUser") user = words[1];
    });
    constexpr std::string_view kRoot = "$VH_ROOT";
    if (docroot.starts_with(kRoot)) docroot.replace(0, kRoot.size(), vhost_root);
    if (user.empty()) user = owner_of(builder, docroot);
    if (user.empty()) user = domain;
    builder.add_panel_site({.user = user, .domain = domain, .docroot = docroot, .source = path},
                           "cyberpanel");
  }
}

}  // namespace backscan::hosting

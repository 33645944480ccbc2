// The panels and web servers that tell accounts, one function each; accounts.cc asks them in turn.
#pragma once

#include <map>
#include <string>

#include "hosting/account_builder.h"

namespace backscan::hosting {

/// /etc/userdatadomains, else /etc/userdomains with /var/cpanel/userdata; addresses of
/// /etc/mailips.
void collect_cpanel_accounts(AccountBuilder& builder);
/// /etc/virtual/domainowners, domainips.
void collect_directadmin_accounts(AccountBuilder& builder);
/// /etc/webmin/virtual-server/domains.
void collect_virtualmin_accounts(AccountBuilder& builder);
/// /usr/local/lsws/conf/vhosts.
void collect_cyberpanel_accounts(AccountBuilder& builder);
/// /var/www/vhosts, with the web server configuration that Plesk writes below it.
void collect_plesk_accounts(AccountBuilder& builder);
/// /var/www/clients, with the names that link to it.
void collect_ispconfig_accounts(AccountBuilder& builder);

/// PHP-FPM: the address or socket a pool listens on to the user it runs as.
using FpmUsers = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] FpmUsers read_fpm_pools(AccountBuilder& builder);

void collect_apache_accounts(AccountBuilder& builder, const FpmUsers& fpm_users);
void collect_nginx_accounts(AccountBuilder& builder, const FpmUsers& fpm_users);

}  // namespace backscan::hosting

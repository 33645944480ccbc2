// Asks every source in turn: panels first, because they know whose a site is.
#include "hosting/accounts.h"

#include "hosting/account_sources.h"

namespace backscan::hosting {

Accounts discover_accounts(const std::string& root) {
  const auto directory = RootedDirectory::open(root);
  if (!directory) {
    Accounts nothing;
    nothing.errors.push_back({Stage::kRead, directory.error().object, directory.error().reason});
    return nothing;
  }
  AccountBuilder builder(*directory);
  collect_cpanel_accounts(builder);
  collect_directadmin_accounts(builder);
  collect_virtualmin_accounts(builder);
  collect_cyberpanel_accounts(builder);
  collect_plesk_accounts(builder);
  collect_ispconfig_accounts(builder);
  const FpmUsers fpm_users = read_fpm_pools(builder);
  collect_apache_accounts(builder, fpm_users);
  collect_nginx_accounts(builder, fpm_users);
  return builder.finish();
}

}  // namespace backscan::hosting

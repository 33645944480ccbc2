// Where nginx's configuration starts, and whose its sites are.
#include "hosting/account_sources.h"
#include "hosting/included_files.h"
#include "hosting/nginx_config.h"

namespace backscan::hosting {

void collect_nginx_accounts(AccountBuilder& builder, const FpmUsers& fpm_users) {
  const std::string start = "/etc/nginx/nginx.conf";
  IncludedFiles files(builder);
  const std::string* text = files.read(start);
  if (!text) return;
  const FollowInclude follow = [&](const std::string& pattern, const auto& use) {
    for (const std::string& path : files.expand(pattern))
      if (const std::string* included = files.read(path)) use(path, *included);
  };
  for (const VirtualHost& host : parse_nginx(*text, start, follow)) {
    FoundSite site = host.site;
    std::string_view backend = host.php_handler;
    if (backend.starts_with("unix:")) backend.remove_prefix(5);
    if (const auto pool = fpm_users.find(backend); pool != fpm_users.end())
      site.user = pool->second;
    builder.add_server_site(site, "nginx");
    for (const std::string& docroot : host.more_docroots) {
      FoundSite more = site;
      more.docroot = docroot;
      builder.add_server_site(more, "nginx");
    }
  }
}

}  // namespace backscan::hosting

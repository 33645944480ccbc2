// Where Apache's configuration starts on each distribution, and whose its sites are.
#include "base/text.h"
#include "hosting/account_sources.h"
#include "hosting/apache_config.h"
#include "hosting/included_files.h"
#include "hosting/lines.h"

namespace backscan::hosting {
namespace {

struct Start {
  const char* file;
  const char* server_root;
};
constexpr Start kStarts[] = {
    {"/etc/apache2/apache2.conf", "/etc/apache2"},     // Debian
    {"/etc/httpd/conf/httpd.conf", "/etc/httpd"},      // Red Hat
    {"/etc/apache2/conf/httpd.conf", "/etc/apache2"},  // cPanel
    {"/etc/apache2/httpd.conf", "/etc/apache2"},       // SUSE, Alpine
};

/// "export NAME=value" of Debian's envvars.
std::vector<std::string> read_variables(AccountBuilder& builder) {
  std::vector<std::string> variables;
  if (const auto text = builder.read("/etc/apache2/envvars"))
    for_each_line(*text, [&](std::string_view line, std::size_t) {
      line = trim(line);
      if (line.starts_with("export ") && line.contains('='))
        variables.emplace_back(trim(line.substr(7)));
    });
  return variables;
}

/// "proxy:unix:/run/php/u1.sock|fcgi://localhost" → "/run/php/u1.sock"; "fcgi://h:9000" → "h:9000".
std::string fpm_address(std::string_view handler) {
  if (const std::size_t unix_at = handler.find("unix:"); unix_at != std::string_view::npos) {
    handler.remove_prefix(unix_at + 5);
    return std::string(handler.substr(0, handler.find('|')));
  }
  const std::size_t scheme = handler.find("fcgi://");
  if (scheme == std::string_view::npos) return {};
  handler.remove_prefix(scheme + 7);
  return std::string(handler.substr(0, handler.find('/')));
}

void add_user_directories(AccountBuilder& builder, const std::string& name) {
  for (const Users::User& user : builder.users().all()) {
    const std::string docroot = user.home + '/' + name;
    if (user.is_person() && !user.home.empty() && builder.root().is_directory(docroot))
      builder.add_server_site({.user = user.name, .docroot = docroot, .source = "UserDir " + name},
                              "apache");
  }
}

}  // namespace

void collect_apache_accounts(AccountBuilder& builder, const FpmUsers& fpm_users) {
  IncludedFiles files(builder);
  const auto follow = [&](const std::string& pattern, const auto& use) {
    for (const std::string& path : files.expand(pattern))
      if (const std::string* text = files.read(path)) use(path, *text);
  };
  for (const Start& start : kStarts) {
    const std::string* text = files.read(start.file);
    if (!text) continue;
    const ApacheConfig config =
        parse_apache(*text, start.file, start.server_root, read_variables(builder), follow);
    for (const VirtualHost& host : config.hosts) {
      FoundSite site = host.site;
      const auto pool = fpm_users.find(fpm_address(host.php_handler));
      if (site.user.empty() && pool != fpm_users.end()) site.user = pool->second;
      builder.add_server_site(site, "apache");
      for (const std::string& docroot : host.more_docroots) {
        FoundSite more = site;
        more.docroot = docroot;
        builder.add_server_site(more, "apache");
      }
    }
    if (!config.user_directory.empty()) add_user_directories(builder, config.user_directory);
  }
}

FpmUsers read_fpm_pools(AccountBuilder& builder) {
  FpmUsers users;
  for (const char* pattern :
       {"/etc/php/*/fpm/pool.d/*.conf", "/etc/php-fpm.d/*.conf", "/etc/php*/php-fpm.d/*.conf",
        "/opt/cpanel/ea-php*/root/etc/php-fpm.d/*.conf", "/opt/plesk/php/*/etc/php-fpm.d/*.conf"}) {
    for (const std::string& path : builder.root().glob(pattern)) {
      const auto text = builder.read(path);
      if (!text) continue;
      std::string pool;
      std::string user;
      std::string listen;
      const auto close_pool = [&] {
        if (const std::size_t at = listen.find("$pool"); at != std::string::npos)
          listen.replace(at, 5, pool);
        if (!user.empty() && !listen.empty()) users.emplace(listen, user);
        user.clear();
        listen.clear();
      };
      for_each_line(*text, [&](std::string_view line, std::size_t) {
        line = trim(line);
        if (line.starts_with('[') && line.ends_with(']')) {
          close_pool();
          pool = line.substr(1, line.size() - 2);
        }
        const std::size_t equals = line.find('=');
        if (line.starts_with(';') || equals == std::string_view::npos) return;
        const std::string_view key = trim(line.substr(0, equals));
        if (key == "user") user = unquoted(line.substr(equals + 1));
        if (key == "listen") listen = unquoted(line.substr(equals + 1));
      });
      close_pool();
    }
  }
  return users;
}

}  // namespace backscan::hosting

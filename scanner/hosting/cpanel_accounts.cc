// cPanel's flat files, which its own scripts read, and its per-domain files where those are
// missing.
#include "base/text.h"
#include "hosting/account_sources.h"
#include "hosting/lines.h"

namespace backscan::hosting {
namespace {

/// "a==b==c", empty fields kept.
std::vector<std::string_view> split_fields(std::string_view text) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t end = text.find("==");
    fields.push_back(trim(text.substr(0, end)));
    if (end == std::string_view::npos) return fields;
    text.remove_prefix(end + 2);
  }
}

/// "domain: user==owner==type==maindomain==docroot==ip:port==…"
bool collect_flat_file(AccountBuilder& builder) {
  const std::string path = "/etc/userdatadomains";
  const auto text = builder.read(path);
  if (!text) return false;
  for_each_line(*text, [&](std::string_view line, std::size_t number) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) return;
    const auto fields = split_fields(line.substr(colon + 2));
    if (fields.size() < 5) return;
    builder.add_panel_site({.user = std::string(fields[0]),
                            .domain = std::string(trim(line.substr(0, colon))),
                            .docroot = std::string(fields[4]),
                            .source = place_of(path, number)},
                           "cpanel");
  });
  return true;
}

/// The value of "key: value" at the outermost level of a small YAML file.
std::string top_level_value(std::string_view text, std::string_view key) {
  std::string value;
  for_each_line(text, [&](std::string_view line, std::size_t) {
    if (value.empty() && line.starts_with(key) && line.substr(key.size()).starts_with(':'))
      value = unquoted(line.substr(key.size() + 1));
  });
  return value;
}

void collect_user_files(AccountBuilder& builder) {
  const std::string path = "/etc/userdomains";
  const auto text = builder.read(path);
  if (!text) return;
  for_each_line(*text, [&](std::string_view line, std::size_t number) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    FoundSite site{.user = std::string(trim(line.substr(colon + 1))),
                   .domain = std::string(trim(line.substr(0, colon))),
                   .source = place_of(path, number)};
    const bool is_plain = !site.user.contains('/') && !site.domain.contains('/');
    if (site.domain == "*" || site.user == "nobody" || !is_plain) return;
    const std::string data = "/var/cpanel/userdata/" + site.user + '/' + site.domain;
    if (const auto yaml = builder.read(data)) {
      site.docroot = top_level_value(*yaml, "documentroot");
      site.source = data;
      const std::string aliases = top_level_value(*yaml, "serveralias");
      for (const std::string_view alias : split_words(aliases))
        site.aliases.emplace_back(alias);
    }
    const Users::User* const user = builder.users().by_name(site.user);
    if (site.docroot.empty() && user != nullptr) site.docroot = user->home + "/public_html";
    builder.add_panel_site(site, "cpanel");
  });
}

void collect_mail_addresses(AccountBuilder& builder) {
  bool is_on = false;
  if (const auto text = builder.read("/etc/exim.conf.localopts"))
    for_each_line(*text, [&](std::string_view line, std::size_t) {
      if (trim(line) == "per_domain_mailips=1") is_on = true;
    });
  const auto text = is_on ? builder.read("/etc/mailips") : std::nullopt;
  if (!text) return;
  for_each_line(*text, [&](std::string_view line, std::size_t) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const std::string user = builder.user_of_domain(std::string(trim(line.substr(0, colon))));
    for (const std::string_view ip : split_at(line.substr(colon + 1), ";"))
      builder.add_sending_ip(user, ip);
  });
}

}  // namespace

void collect_cpanel_accounts(AccountBuilder& builder) {
  if (!builder.root().is_directory("/var/cpanel") &&
      !builder.root().is_file("/etc/userdatadomains"))
    return;
  if (!collect_flat_file(builder)) collect_user_files(builder);
  collect_mail_addresses(builder);
}

}  // namespace backscan::hosting

// Merging: panels speak first and name users; web servers add what panels do not know.
#include "hosting/account_builder.h"

#include <algorithm>
#include <cerrno>

#include "base/ip_address.h"
#include "base/text.h"

namespace backscan::hosting {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{32} << 20;
constexpr std::size_t kMaxSites = 500'000;
constexpr std::size_t kMaxAliases = 1'000;
constexpr std::size_t kMaxErrors = 1'000;

/// "https://Example.com:443." is the site example.com.
std::string domain_of(std::string_view text) {
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos)
    text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find_first_of(":/"));
  if (text.ends_with('.')) text.remove_suffix(1);
  const bool is_name = std::ranges::all_of(text, [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '"' && c != '\'' && c != '$' && c != '{';
  });
  return is_name && text != "_" && text.size() <= 253 ? ascii_lower(text) : std::string();
}

void add_name(Site& site, const std::string& name) {
  if (name.empty() || name == site.domain || site.aliases.size() == kMaxAliases) return;
  if (site.domain.empty())
    site.domain = name;
  else if (std::ranges::find(site.aliases, name) == site.aliases.end())
    site.aliases.push_back(name);
}

}  // namespace

std::optional<std::string> normal_path(std::string_view path) {
  if (!path.starts_with('/') || path.find('\0') != std::string_view::npos) return std::nullopt;
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part == ".." && !parts.empty())
      parts.pop_back();
    else if (!part.empty() && part != "." && part != "..")
      parts.push_back(part);
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  if (parts.empty()) return std::nullopt;
  std::string out;
  for (const std::string_view part : parts) out.append("/").append(part);
  return out;
}

AccountBuilder::AccountBuilder(const RootedDirectory& root)
    : root_(root), users_(root) {}

std::optional<std::string> AccountBuilder::read(const std::string& path) {
  auto text = root_.read(path, kMaxFileBytes);
  if (text) return std::move(*text);
  const std::string& reason = text.error().reason;
  if (reason != errno_text(ENOENT) && reason != errno_text(ENOTDIR)) note(path, reason);
  return std::nullopt;
}

void AccountBuilder::note(const std::string& path, const std::string& reason) {
  if (errors_.size() < kMaxErrors) errors_.push_back({Stage::kRead, path, reason, true});
}

Account& AccountBuilder::account_named(const std::string& name, const std::string& source) {
  const auto [it, is_new] = accounts_.try_emplace(name);
  Account& account = it->second;
  if (!is_new) return account;
  account.name = name;
  account.source = source;
  if (const Users::User* user = users_.by_name(name)) {
    account.uid = user->uid;
    // A shared home ("/nonexistent", "/var/www") is no one's own.
    if (user->is_person()) account.home = root_.real_path(user->home).value_or(user->home);
  }
  // "/home" as a home would make everyone's files this user's.
  if (std::ranges::count(account.home, '/') >= 2) account_by_directory_.emplace(account.home, name);
  return account;
}

void AccountBuilder::add_site(Account& account, const FoundSite& site, const std::string& docroot) {
  const std::string domain = domain_of(site.domain);
  auto known = site_by_docroot_.find(docroot);
  if (known == site_by_docroot_.end()) {
    if (site_by_docroot_.size() == kMaxSites) return;
    known = site_by_docroot_.emplace(docroot, SitePlace{account.name, account.sites.size()}).first;
    account.sites.push_back({docroot, domain, {}, site.source, root_.is_directory(docroot)});
  }
  // A document root told twice keeps its first account and gets the further names.
  Site& there = accounts_.at(known->second.account).sites[known->second.index];
  add_name(there, domain);
  for (const std::string& alias : site.aliases) add_name(there, domain_of(alias));
}

void AccountBuilder::add_panel_site(const FoundSite& site, const std::string& panel) {
  const auto path = normal_path(site.docroot);
  if (!path || site.user.empty()) return;
  const std::string docroot = root_.real_path(*path).value_or(*path);
  add_site(account_named(site.user, panel), site, docroot);
  account_by_directory_.emplace(docroot, site.user);
  if (const std::string domain = domain_of(site.domain); !domain.empty())
    user_by_domain_.emplace(domain, site.user);
}

std::string AccountBuilder::account_around(std::string_view path) const {
  const auto it = find_around(account_by_directory_, path);
  return it == account_by_directory_.end() ? std::string() : it->second;
}

std::string AccountBuilder::name_for(const FoundSite& site, const std::string& docroot) const {
  if (std::string around = account_around(docroot); !around.empty()) return around;
  const Users::User* user = users_.by_name(site.user);
  if (user != nullptr && user->is_person()) return user->name;
  if (const Users::User* person = users_.at_home(docroot)) return person->name;
  if (const auto status = root_.status(docroot)) {
    user = users_.by_uid(status->st_uid);
    if (user != nullptr && user->is_person()) return user->name;
  }
  const std::string domain = domain_of(site.domain);
  return domain.empty() ? docroot : domain;
}

void AccountBuilder::add_server_site(const FoundSite& site, const std::string& server) {
  const auto path = normal_path(site.docroot);
  if (!path) return;
  const std::string docroot = root_.real_path(*path).value_or(*path);
  const auto known = site_by_docroot_.find(docroot);
  const std::string name =
      known == site_by_docroot_.end() ? name_for(site, docroot) : known->second.account;
  Account& account = account_named(name, server);
  if (!account.uid) {
    if (const Users::User* user = users_.by_name(site.user))
      account.uid = user->uid;
    else if (const auto status = root_.status(docroot))
      account.uid = status->st_uid;
  }
  add_site(account, site, docroot);
}

void AccountBuilder::add_sending_ip(const std::string& user, std::string_view ip) {
  const auto address = parse_ip(trim(ip));
  if (!address || user.empty()) return;
  const auto it = accounts_.find(user);
  if (it != accounts_.end()) it->second.sending_ips.push_back(address->text());
}

std::string AccountBuilder::user_of_domain(const std::string& domain) const {
  const auto it = user_by_domain_.find(domain_of(domain));
  return it == user_by_domain_.end() ? std::string() : it->second;
}

Accounts AccountBuilder::finish() {
  Accounts result;
  for (auto& [name, account] : accounts_) {
    std::ranges::sort(account.sites, {}, &Site::docroot);
    std::ranges::sort(account.sending_ips);
    const auto twice = std::ranges::unique(account.sending_ips);
    account.sending_ips.erase(twice.begin(), twice.end());
    result.accounts.push_back(std::move(account));
  }
  std::ranges::sort(errors_);
  const auto repeated = std::ranges::unique(errors_);
  errors_.erase(repeated.begin(), repeated.end());
  result.errors = std::move(errors_);
  return result;
}

}  // namespace backscan::hosting

// Lookups over finished accounts; a path is looked up by its ancestors, innermost first.
#include <algorithm>

#include "base/text.h"
#include "hosting/accounts.h"

namespace backscan::hosting {

AccountIndex::AccountIndex(const std::vector<Account>& accounts) {
  for (const Account& account : accounts) {
    by_name_.emplace(account.name, &account);
    if (account.uid) {
      const auto [it, is_new] = by_uid_.emplace(*account.uid, &account);
      if (!is_new) it->second = nullptr;  // shared: it names no one
    }
    for (const Site& site : account.sites) {
      by_directory_.insert_or_assign(site.docroot, Owner{&account, &site});
      if (!site.domain.empty()) by_domain_.emplace(site.domain, Owner{&account, &site});
      for (const std::string& alias : site.aliases)
        by_domain_.emplace(alias, Owner{&account, &site});
    }
  }
  // After the sites: where a home is a document root, the site is the better answer.
  for (const Account& account : accounts)
    if (!account.home.empty()) by_directory_.emplace(account.home, Owner{&account, nullptr});
}

AccountIndex::Owner AccountIndex::account_of(std::string_view path) const {
  while (!path.empty()) {
    if (const auto it = by_directory_.find(std::string(path)); it != by_directory_.end())
      return it->second;
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) break;
    path = path.substr(0, slash);
  }
  return {};
}

const Account* AccountIndex::by_name(std::string_view name) const {
  const auto it = by_name_.find(std::string(name));
  return it == by_name_.end() ? nullptr : it->second;
}

const Account* AccountIndex::by_uid(std::uint32_t uid) const {
  const auto it = by_uid_.find(uid);
  return it == by_uid_.end() ? nullptr : it->second;
}

AccountIndex::Owner AccountIndex::by_domain(std::string_view domain) const {
  const auto it = by_domain_.find(ascii_lower(domain));
  return it == by_domain_.end() ? Owner{} : it->second;
}

std::vector<std::string> scan_roots(const std::vector<Account>& accounts) {
  std::vector<std::string> all;
  for (const Account& account : accounts)
    for (const Site& site : account.sites)
      if (site.is_present) all.push_back(site.docroot + '/');
  // With the slash, everything inside a directory sorts right behind it.
  std::ranges::sort(all);
  std::vector<std::string> outermost;
  for (const std::string& root : all)
    if (outermost.empty() || !root.starts_with(outermost.back())) outermost.push_back(root);
  for (std::string& root : outermost) root.pop_back();
  std::ranges::sort(outermost);
  return outermost;
}

}  // namespace backscan::hosting

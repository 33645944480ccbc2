// Who lives on this host: accounts, their sites, document roots and sending addresses, as panels
// and web servers' configuration tell. `scan --accounts`, trace and join ask here whose a path is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/scan_result.h"

namespace backscan::hosting {

struct Site {
  std::string docroot;               // absolute as on the host, symlinks resolved where it exists
  std::string domain;                // empty: unknown
  std::vector<std::string> aliases;  // further names of the same document root
  std::string source;                // "/etc/userdatadomains:3"
  bool is_present = true;            // false: configured, but no such directory
};

struct Account {
  std::string name;
  std::optional<std::uint32_t> uid;
  std::string home;
  std::vector<Site> sites;               // sorted by docroot, which is unique here
  std::vector<std::string> sending_ips;  // set for this account; empty: the host's own
  std::string source;                    // "cpanel", "plesk", "apache", "nginx", …
};

struct Accounts {
  std::vector<Account> accounts;    // sorted by name
  std::vector<ErrorRecord> errors;  // notes, but for a root that cannot be opened
};

/// Reads cPanel, Plesk, DirectAdmin, ISPConfig, CyberPanel and Virtualmin, then Apache and nginx.
/// `root`: "/" or a directory that holds a copy of another host's file system. Includes are
/// followed inside /etc only.
[[nodiscard]] Accounts discover_accounts(const std::string& root = "/");

/// Present document roots, sorted; none lies inside another one.
[[nodiscard]] std::vector<std::string> scan_roots(const std::vector<Account>& accounts);

/// Finds the account and site of a path. Keeps pointers into `accounts`, which must outlive it.
class AccountIndex {
 public:
  struct Owner {
    const Account* account = nullptr;
    const Site* site = nullptr;  // null: in the home, but in no document root
  };

  explicit AccountIndex(const std::vector<Account>& accounts);
  /// Of the innermost document root or home around an absolute path.
  [[nodiscard]] Owner account_of(std::string_view path) const;
  [[nodiscard]] const Account* by_name(std::string_view name) const;
  /// Null where no account, or more than one, has this uid.
  [[nodiscard]] const Account* by_uid(std::uint32_t uid) const;
  /// Of a domain or an alias.
  [[nodiscard]] Owner by_domain(std::string_view domain) const;

 private:
  std::unordered_map<std::string, Owner> by_directory_;
  std::unordered_map<std::string, Owner> by_domain_;
  std::unordered_map<std::string, const Account*> by_name_;
  std::unordered_map<std::uint32_t, const Account*> by_uid_;
};

}  // namespace backscan::hosting

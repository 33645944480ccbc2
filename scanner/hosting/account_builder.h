// Puts what the sources tell together: one account a name, one site a document root.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/rooted_file.h"
#include "hosting/accounts.h"

namespace backscan::hosting {

/// /etc/passwd of the root.
class Users {
 public:
  struct User {
    std::string name;
    std::uint32_t uid = 0;
    std::string home;
    /// People's and customers' accounts, not the system's (Debian policy, login.defs).
    [[nodiscard]] bool is_person() const { return uid >= 1000 && uid < 65534; }
  };

  explicit Users(std::string_view passwd);
  /// Nobody where there is no such file.
  explicit Users(const RootedDirectory& root);
  [[nodiscard]] const User* by_name(std::string_view name) const;
  [[nodiscard]] const User* by_uid(std::uint32_t uid) const;
  /// The person in whose home `path` lies.
  [[nodiscard]] const User* at_home(std::string_view path) const;
  [[nodiscard]] const std::vector<User>& all() const { return users_; }

 private:
  std::vector<User> users_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::map<std::uint32_t, std::size_t> by_uid_;
  std::map<std::string, std::size_t, std::less<>> by_home_;  // persons' only
};

/// What a source knows about one document root.
struct FoundSite {
  std::string user;    // empty: not told
  std::string domain;  // as written: a scheme, a port and a trailing dot are taken off
  std::vector<std::string> aliases;
  std::string docroot;
  std::string source;
};

class AccountBuilder {
 public:
  explicit AccountBuilder(const RootedDirectory& root);

  [[nodiscard]] const RootedDirectory& root() const { return root_; }
  [[nodiscard]] const Users& users() const { return users_; }
  /// A configuration file's text, or nothing; a denied one becomes a note.
  [[nodiscard]] std::optional<std::string> read(const std::string& path);
  void note(const std::string& path, const std::string& reason);

  /// A site that a panel names with its user.
  void add_panel_site(const FoundSite& site, const std::string& panel);
  /// A site of a web server: it goes to the account whose document root or home it lies in, else to
  /// its user or its directory's owner, if that is a person, else it is an account of its own.
  /// Call after all panels.
  void add_server_site(const FoundSite& site, const std::string& server);
  void add_sending_ip(const std::string& user, std::string_view ip);
  /// The user of a panel's domain, for files that map domains to something else.
  [[nodiscard]] std::string user_of_domain(const std::string& domain) const;

  [[nodiscard]] Accounts finish();

 private:
  Account& account_named(const std::string& name, const std::string& source);
  void add_site(Account& account, const FoundSite& site, const std::string& docroot);
  [[nodiscard]] std::string name_for(const FoundSite& site, const std::string& docroot) const;
  [[nodiscard]] std::string account_around(std::string_view path) const;

  const RootedDirectory& root_;
  Users users_;
  std::map<std::string, Account> accounts_;
  std::map<std::string, std::string, std::less<>> account_by_directory_;  // homes; panels' docroots
  struct SitePlace {
    std::string account;
    std::size_t index;
  };
  std::map<std::string, SitePlace> site_by_docroot_;
  std::map<std::string, std::string> user_by_domain_;
  std::vector<ErrorRecord> errors_;
};

/// The nearest of `path` and its ancestors that is a key of `directories`.
template <typename Map>
[[nodiscard]] auto find_around(const Map& directories, std::string_view path) {
  while (!path.empty()) {
    if (const auto it = directories.find(path); it != directories.end()) return it;
    path = path.substr(0, path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/'));
  }
  return directories.end();
}

/// Without "//", "." and ".." parts and a trailing slash; nothing for a path that is not absolute
/// or is "/" itself.
[[nodiscard]] std::optional<std::string> normal_path(std::string_view path);

}  // namespace backscan::hosting

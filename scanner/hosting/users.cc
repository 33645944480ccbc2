// passwd(5), from a file: a copied root must not be answered from this host's name service.
#include <algorithm>
#include <charconv>

#include "hosting/account_builder.h"
#include "hosting/lines.h"

namespace backscan::hosting {
namespace {

std::vector<std::string_view> colon_fields(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t colon = line.find(':');
    fields.push_back(line.substr(0, colon));
    if (colon == std::string_view::npos) return fields;
    line.remove_prefix(colon + 1);
  }
}

}  // namespace

Users::Users(const RootedDirectory& root)
    : Users(root.read("/etc/passwd", std::size_t{32} << 20).value_or("")) {}

Users::Users(std::string_view passwd) {
  for_each_line(passwd, [&](std::string_view line, std::size_t) {
    const auto fields = colon_fields(line);
    if (fields.size() < 7 || fields[0].empty()) return;
    User user{std::string(fields[0]), 0, normal_path(fields[5]).value_or("")};
    const std::string_view uid = fields[2];
    const auto [end, fault] = std::from_chars(uid.data(), uid.data() + uid.size(), user.uid);
    if (fault != std::errc{} || end != uid.data() + uid.size()) return;
    // The first entry of a name or uid is the one that counts.
    by_name_.emplace(user.name, users_.size());
    by_uid_.emplace(user.uid, users_.size());
    // "/home" as a home would make everyone's files this user's.
    const bool is_deep = std::ranges::count(user.home, '/') >= 2;
    if (user.is_person() && is_deep) by_home_.emplace(user.home, users_.size());
    users_.push_back(std::move(user));
  });
}

const Users::User* Users::by_name(std::string_view name) const {
  const auto it = by_name_.find(name);
  return it == by_name_.end() ? nullptr : &users_[it->second];
}

const Users::User* Users::by_uid(std::uint32_t uid) const {
  const auto it = by_uid_.find(uid);
  return it == by_uid_.end() ? nullptr : &users_[it->second];
}

const Users::User* Users::at_home(std::string_view path) const {
  const auto it = find_around(by_home_, path);
  return it == by_home_.end() ? nullptr : &users_[it->second];
}

}  // namespace backscan::hosting

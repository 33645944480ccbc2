// Users come from the root's own passwd file, so that a copied host's names mean what they meant there.
#include "cli/host_facts.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <system_error>

#include "base/rooted_file.h"
#include "hosting/account_builder.h"

namespace backscan::cli {
namespace {

struct Known {
  explicit Known(RootedDirectory directory)
      : root(std::move(directory)), users(root) {}

  RootedDirectory root;
  hosting::Users users;
  std::map<std::string, std::optional<std::uint32_t>> owners;
};

}  // namespace

mail::HostFacts host_facts(const std::string& root) {
  auto directory = RootedDirectory::open(root);
  if (!directory) return {};
  const auto known = std::make_shared<Known>(*std::move(directory));
  mail::HostFacts facts;
  facts.owner_of = [known](const std::string& path) -> std::optional<std::uint32_t> {
    const auto [it, is_new] = known->owners.try_emplace(path);
    if (is_new)
      if (const auto status = known->root.status(path); status && S_ISREG(status->st_mode))
        it->second = status->st_uid;
    return it->second;
  };
  facts.uid_of = [known](const std::string& user) -> std::optional<std::uint32_t> {
    const hosting::Users::User* found = known->users.by_name(user);
    return found == nullptr ? std::nullopt : std::optional<std::uint32_t>(found->uid);
  };
  return facts;
}

void name_from_here(mail::EvidenceInput& input) {
  if (input.root != "/") return;
  const auto name = [](std::string& path) {
    if (path == "auto" || path == "off" || path.empty()) return;
    std::error_code error;
    if (const auto absolute = std::filesystem::absolute(path, error); !error)
      path = absolute.lexically_normal().string();
  };
  std::ranges::for_each(input.mail_logs, name);
  std::ranges::for_each(input.php_mail_logs, name);
  name(input.queue);
}

}  // namespace backscan::cli

// Paths are resolved here, once a finding or sender, so that join/ can compare plain text.
#include "cli/scan_host.h"

#include <filesystem>

#include "base/rooted_file.h"
#include "hosting/account_builder.h"

namespace backscan::cli {
namespace {

std::string resolved(const std::string& path) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  return error ? path : real.string();
}

Time time_of(const timespec& time) {
  return Time{std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec}};
}

FileInfo info_of(const struct stat& status, const hosting::Users& users) {
  FileInfo info;
  info.size = static_cast<std::uint64_t>(status.st_size);
  info.mtime = time_of(status.st_mtim);
  info.ctime = time_of(status.st_ctim);
  info.uid = status.st_uid;
  const hosting::Users::User* const user = users.by_uid(status.st_uid);
  info.owner = user != nullptr ? user->name : std::to_string(status.st_uid);
  info.mode = status.st_mode & 07777;
  return info;
}

}  // namespace

ScanHost::ScanHost(const ScanCommand& command)
    : root_(command.root == "/" ? std::string() : resolved(command.root)),
      accounts_(hosting::discover_accounts(command.root)),
      addresses_(hosting::discover_addresses(command.root)),
      index_(accounts_.accounts) {}

std::vector<std::string> ScanHost::document_roots() const {
  std::vector<std::string> roots = hosting::scan_roots(accounts_.accounts);
  for (std::string& root : roots) root.insert(0, root_);
  return roots;
}

std::string ScanHost::on_host(const std::string& path) const {
  std::string real = resolved(path);
  if (!root_.empty() && real.starts_with(root_ + '/')) real.erase(0, root_.size());
  return real;
}

void ScanHost::assign_accounts(ScanResult& result) const {
  for (Finding& finding : result.findings) {
    const auto owner = index_.account_of(on_host(finding.path));
    if (owner.account == nullptr) continue;
    finding.account = owner.account->name;
    if (owner.site != nullptr && !owner.site->domain.empty()) finding.domain = owner.site->domain;
  }
  for (Sender& sender : result.senders) {
    const hosting::Account* account = nullptr;
    if (sender.script || sender.directory)
      account = index_.account_of(sender.script ? *sender.script : *sender.directory).account;
    if (account == nullptr && sender.uid) account = index_.by_uid(*sender.uid);
    if (account != nullptr) sender.account = account->name;
  }
}

join::JoinOptions ScanHost::join_options(const ScanResult& result) const {
  join::JoinOptions options;
  options.relayhost = addresses_.relayhost;
  for (const hosting::SendingAddress& address : addresses_.addresses)
    options.own_addresses.push_back(address.ip);
  const auto spell = [&](const std::string& path) {
    const auto [it, is_new] = options.host_paths.try_emplace(path);
    if (is_new) it->second = on_host(path);
  };
  for (const std::string& root : result.scan.roots) spell(root);
  for (const Finding& finding : result.findings) spell(finding.path);
  const auto directory = RootedDirectory::open(root_.empty() ? "/" : root_);
  if (!directory) return options;
  const hosting::Users users(*directory);
  for (const Sender& sender : result.senders)
    for (const auto* path : {&sender.script, &sender.directory})
      if (*path)
        if (const auto status = directory->status(**path))
          options.sender_files.emplace(**path, info_of(*status, users));
  return options;
}

}  // namespace backscan::cli

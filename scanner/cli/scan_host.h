// The host around a scan: whose the paths are, where mail leaves, and what names in its logs stand
// for. With --root that is another host, whose files lie in a directory.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/scan_command.h"
#include "hosting/accounts.h"
#include "hosting/addresses.h"
#include "join/join.h"

namespace backscan::cli {

class ScanHost {
 public:
  explicit ScanHost(const ScanCommand& command);

  /// Present document roots of all accounts, to be opened from here.
  [[nodiscard]] std::vector<std::string> document_roots() const;
  [[nodiscard]] const hosting::SendingAddresses& addresses() const { return addresses_; }
  /// What could not be read; notes, of which a scan without --accounts need not tell.
  [[nodiscard]] const std::vector<ErrorRecord>& errors() const { return accounts_.errors; }

  /// Sets account and domain of findings and senders where the host's configuration tells them.
  void assign_accounts(ScanResult& result) const;

  /// What join/ asks of the host, for the findings and senders of `result`.
  [[nodiscard]] join::JoinOptions join_options(const ScanResult& result) const;

 private:
  [[nodiscard]] std::string on_host(const std::string& path) const;

  std::string root_;  // without a slash at the end; empty for this host
  hosting::Accounts accounts_;
  hosting::SendingAddresses addresses_;
  hosting::AccountIndex index_;
};

}  // namespace backscan::cli

// The blacklist check of a scan, on a thread of its own: it waits for the network while the scan
// works, so that it costs no wall time.
#pragma once

#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "cli/scan_command.h"
#include "dnsbl/check.h"
#include "hosting/addresses.h"

namespace backscan::cli {

class ReputationCheck {
 public:
  /// Starts at once, ends early on `stop`. Addresses come from the command, else from the host.
  ReputationCheck(const ScanCommand& command, hosting::SendingAddresses host,
                  std::vector<dnsbl::Zone> zones, std::stop_token stop);
  ReputationCheck(const ReputationCheck&) = delete;
  ReputationCheck& operator=(const ReputationCheck&) = delete;
  ~ReputationCheck() = default;

  /// Waits for the end and hands listings, addresses and errors over to `result`.
  void finish(ScanResult& result);

 private:
  std::vector<std::string> ips_;
  std::vector<ErrorRecord> notes_;
  dnsbl::CheckResult checked_;
  std::jthread thread_;
};

}  // namespace backscan::cli

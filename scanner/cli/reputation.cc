// No address of its own to ask about is no failure of the scan, but it is said; a name server that
// does not answer is one.
#include "cli/reputation.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/words.h"
#include "report/merge.h"

namespace backscan::cli {

ReputationCheck::ReputationCheck(const ScanCommand& command, hosting::SendingAddresses host,
                                 std::vector<dnsbl::Zone> zones, std::stop_token stop)
    : ips_(command.ips) {
  if (ips_.empty()) {
    for (const hosting::SendingAddress& address : host.addresses) ips_.push_back(address.ip);
    notes_ = std::move(host.errors);
    // A panel's file that cannot be read does not make the scan of the web roots incomplete.
    for (ErrorRecord& error : notes_) error.is_note = true;
    if (!host.relayhost.empty())
      notes_.push_back({.stage = Stage::kDns,
                        .path = host.relayhost,
                        .reason = "a relay host sends for this server, so its address is the one "
                                  "that lists name: pass it with --ip",
                        .is_note = true});
  }
  std::ranges::sort(ips_);
  const auto repeated = std::ranges::unique(ips_);
  ips_.erase(repeated.begin(), repeated.end());
  if (ips_.empty()) {
    notes_.push_back({.stage = Stage::kDns,
                      .path = "blacklists",
                      .reason = "no public address of this host was found: pass it with --ip",
                      .is_note = true});
    return;
  }
  dnsbl::CheckOptions options;
  options.ips = ips_;
  options.zones = std::move(zones);
  options.nameserver = command.nameserver;
  thread_ = std::jthread([this, options = std::move(options), stop = std::move(stop)] {
    checked_ = dnsbl::check(options, stop);
  });
}

void ReputationCheck::finish(ScanResult& result) {
  if (thread_.joinable()) thread_.join();
  result.scan.ips = ips_;
  std::ranges::move(checked_.listings, std::back_inserter(result.listings));
  std::ranges::move(notes_, std::back_inserter(result.errors));
  const auto failures = static_cast<std::uint64_t>(
      std::ranges::count(checked_.errors, false, &ErrorRecord::is_note));
  std::ranges::move(checked_.errors, std::back_inserter(result.errors));
  report::sort_records(result);
  if (failures == 0) return;
  result.summary.is_complete = false;
  result.summary.incomplete_reasons.push_back(
      fmt::format("blacklists: {}", counted(failures, "failure")));
}

}  // namespace backscan::cli

// What `backscan blacklist` says: the verdict, Nagios' first line, and the page a person reads at
// three in the morning. Apart from blacklist.cc so that words and exit codes are tested without
// DNS.
#pragma once

#include <chrono>
#include <string>

#include "dnsbl/check.h"

namespace backscan::cli {

/// Numbers over the rows of a check. A list counts once, whatever the number of addresses.
struct BlacklistTally {
  std::size_t listed = 0;         // rows that count
  std::size_t informational = 0;  // rows that do not
  std::size_t lists = 0;          // lists that were to be asked, without those that need a key
  std::size_t answered = 0;       // lists that answered for every address they were asked about
  std::size_t rows = 0;           // the same counted by address and list
  std::size_t answered_rows = 0;
  /// The address for which the smallest share of the lists answered, in percent, rounded down.
  std::size_t least_answered_percent = 100;
  bool has_errors = false;  // a bad address, a broken name server
};

[[nodiscard]] BlacklistTally tally_of(const dnsbl::CheckResult& result);

/// The exit code of CONTRACT.md. `enough_percent`: the share of lists that must have answered, for
/// every address, for a clean bill.
[[nodiscard]] int blacklist_exit_code(const BlacklistTally& tally, std::size_t enough_percent);

struct BlacklistPage {
  std::size_t enough_percent = 75;
  std::chrono::milliseconds elapsed{0};
  std::string relayhost;  // not empty: a smarthost sends for this host
  bool color = false;
  bool quiet = false;    // only the first line
  bool verbose = false;  // every list by name
};

/// The whole text output: first line "BACKSCAN OK - … | performance data", then details. No line
/// but the first holds a "|", which monitoring would take for more performance data.
[[nodiscard]] std::string blacklist_text(const dnsbl::CheckResult& result,
                                         const BlacklistPage& page);

}  // namespace backscan::cli

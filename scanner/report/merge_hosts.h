// What a host alone can say (its causes, its mail, its settings and senders), kept side by side when
// results are merged: unlike a file's finding it is never the same thing on two hosts.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "model/scan_result.h"

namespace backscan::report {

class HostRecords {
 public:
  /// Takes these records out of `part`. Of several runs of one host (its shards) the latest that has
  /// mail counts, and what more than one of them says is kept once.
  void add(ScanResult& part);
  /// Puts everything into `all`: the likeliest cause first, senders by their messages.
  void finish(ScanResult& all);

 private:
  template <typename Item>
  bool is_new(const Item& item);

  struct Spoken {
    Time started{};
    MailActivity mail;
  };
  std::vector<LikelyCause> causes_;
  std::vector<AuditNote> audit_;
  std::vector<Sender> senders_;
  std::map<std::string, Spoken> mail_;  // by host
  std::set<std::tuple<std::string, std::string, std::string, std::string>> known_;
};

}  // namespace backscan::report

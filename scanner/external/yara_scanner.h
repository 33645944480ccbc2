// YARA rules over one file or layer at a time, on one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "external/yara_rules.h"

namespace backscan::external {

/// The bytes of a file, or its head and tail, and its size on disk.
struct YaraInput {
  std::string_view bytes;
  std::string_view tail;
  std::uint64_t tail_offset = 0;
  std::uint64_t size_bytes = 0;
};

/// What rules may ask about a file by name.
struct YaraPlace {
  std::string filename;   // its name
  std::string filepath;   // its absolute path, the name included
  std::string extension;  // with its dot, in lower case: ".php"
  std::string filetype;   // "PHP", "JPEG", "ZIP", …; empty where not known
  std::string owner;      // user name
};

struct YaraHit {
  std::uint32_t rule = 0;  // index into YaraRules::rules()
  bool has_place = false;  // of the string that matched first in the file
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
};

struct YaraVerdict {
  std::vector<YaraHit> hits;         // in the order of the rules
  bool is_out_of_time = false;
  std::string failure;               // why it was not scanned, or not in full; empty if it was
  std::vector<std::string> limited;  // "$a of php.Rule": strings with more matches than are counted
};

class YaraScanner {
 public:
  explicit YaraScanner(const YaraRules& rules);
  YaraScanner(YaraScanner&&) noexcept;
  ~YaraScanner();

  /// Before scan(); only rules with YaraRules::looks_at_place() care.
  void set_place(const YaraPlace& place);
  /// `limit`: wall time. Valid until the next scan.
  [[nodiscard]] const YaraVerdict& scan(const YaraInput& input, std::chrono::milliseconds limit);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace backscan::external

// Everything that rules may look at in one file, as `rules explain` asks for it: the views, also
// those that a scan would leave closed, and the facts. Built slowly and kept whole, where a scan
// hurries and forgets.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "model/fact.h"
#include "php/views.h"
#include "rules/rule_set.h"
#include "scan/file_scan.h"

namespace backscan::cli {

/// One text that patterns are searched in.
struct Reading {
  View view;
  std::uint32_t layer = 0;  // index + 1; 0: the file itself
  Span origin;              // of the layer
  bool is_open = true;      // false: the triggers keep it closed, a scan does not look

  /// Where `place` of this text stands in the file on disk.
  [[nodiscard]] Span on_disk(const Span& place) const;
};

class Readings {
 public:
  /// All views of `input` and of the layers of `verdict`. Both must outlive this, and `verdict`
  /// must be the last word of its scanner.
  Readings(const scan::FileInput& input, const scan::FileVerdict& verdict);

  [[nodiscard]] const std::vector<Reading>& all() const { return readings_; }
  [[nodiscard]] const std::vector<Fact>& facts() const { return verdict_.facts; }
  [[nodiscard]] const scan::FileInput& input() const { return input_; }
  [[nodiscard]] const scan::FileVerdict& verdict() const { return verdict_; }

 private:
  void add_views(std::string_view source, std::uint32_t layer, Span origin, bool is_open);

  const scan::FileInput& input_;
  const scan::FileVerdict& verdict_;
  std::deque<std::string> sources_;  // of layers, as they were read
  std::deque<php::CodeViews> views_;
  std::vector<Reading> readings_;
};

}  // namespace backscan::cli

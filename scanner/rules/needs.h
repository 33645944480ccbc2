// What a text must hold for a pattern to match in it: a word or a run that is found at the speed of
// memory. Asked before RE2 is where Hyperscan was not; its own file because it is no automaton.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/runs.h"

namespace backscan::rules {

/// True if one of `words`, whose letters are lower-cased, stands in `text`, whatever the case of
/// ASCII letters there.
[[nodiscard]] bool holds_any_word(std::string_view text, std::span<const std::string> words);

class Needs {
 public:
  /// Of a pattern in RE2 syntax.
  explicit Needs(std::string_view pattern);

  /// False if the pattern cannot match in `text`.
  [[nodiscard]] bool are_met_by(std::string_view text) const;

 private:
  std::vector<std::string> words_;  // one of them; none: nothing is known
  std::optional<ByteRun> run_;
};

/// Found out by the first thread that asks.
class LazyNeeds {
 public:
  [[nodiscard]] const Needs& of(std::string_view pattern) const {
    std::call_once(once_, [&] { needs_ = std::make_unique<Needs>(pattern); });
    return *needs_;
  }

 private:
  mutable std::once_flag once_;
  mutable std::unique_ptr<Needs> needs_;
};

}  // namespace backscan::rules

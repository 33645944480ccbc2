// Which first letters and lengths the names of a table have: tells most other names without a
// search. For tables that are asked about every name of a program and hold few of them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace backscan::php {

class NameFilter {
 public:
  constexpr void add(std::string_view name) {
    if (!name.empty()) lengths_[slot(name)] |= bit(name);
  }
  /// False: the table holds no such name.
  [[nodiscard]] constexpr bool may_hold(std::string_view name) const {
    return !name.empty() && (lengths_[slot(name)] & bit(name)) != 0;
  }

 private:
  static constexpr std::size_t slot(std::string_view name) {
    return static_cast<unsigned char>(name.front());
  }
  static constexpr std::uint64_t bit(std::string_view name) {
    return std::uint64_t{1} << std::min<std::size_t>(name.size(), 63);
  }

  std::array<std::uint64_t, 256> lengths_{};
};

}  // namespace backscan::php

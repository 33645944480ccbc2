// What an unpacking may cost, and what of it is spent. One object for all layers of a file, so that no
// nesting of tricks multiplies the limits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "php/unpack.h"

namespace backscan::php::eval {

enum class Spent : std::uint8_t { kNothing, kSteps, kOutput, kMemory };

class Budget {
 public:
  explicit Budget(const UnpackLimits& limits)
      : limits_(limits), steps_left_(static_cast<std::int64_t>(limits.max_steps)) {}

  /// Charges `steps`; false once the budget has ended, for good.
  bool step(std::uint64_t steps = 1) {
    steps_left_ -= static_cast<std::int64_t>(steps < kMostAtOnce ? steps : kMostAtOnce);
    if (steps_left_ < 0 && spent_ == Spent::kNothing) spent_ = Spent::kSteps;
    return spent_ == Spent::kNothing;
  }
  /// Charges work on `bytes` bytes; about 32 of them cost as much as one evaluator step.
  bool bytes(std::size_t bytes) { return step(bytes / 32); }

  [[nodiscard]] bool is_spent() const { return spent_ != Spent::kNothing; }
  [[nodiscard]] Spent spent() const { return spent_; }
  void end(Spent why) {
    if (spent_ == Spent::kNothing) spent_ = why;
  }
  [[nodiscard]] std::int64_t steps_left() const { return steps_left_; }

  /// Leaves at most `steps` until `release`.
  void hold_back(std::int64_t steps) {
    held_ = std::max<std::int64_t>(0, steps_left_ - steps);
    steps_left_ -= held_;
  }
  /// Gives back what was held; true if the part ended meanwhile, which is forgiven.
  bool release() {
    const bool has_ended = held_ > 0 && spent_ == Spent::kSteps;
    if (has_ended) spent_ = Spent::kNothing;
    steps_left_ = std::max<std::int64_t>(0, steps_left_) + held_;
    held_ = 0;
    return has_ended;
  }

  /// Opens a small reserve for what is still worth trying after the budget ended.
  void grant(std::int64_t steps) {
    spent_ = Spent::kNothing;
    steps_left_ = steps;
  }

  [[nodiscard]] const UnpackLimits& limits() const { return limits_; }

 private:
  static constexpr std::uint64_t kMostAtOnce = std::uint64_t{1} << 40;
  UnpackLimits limits_;
  std::int64_t steps_left_;
  std::int64_t held_ = 0;
  Spent spent_ = Spent::kNothing;
};

}  // namespace backscan::php::eval

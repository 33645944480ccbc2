// RE2 as backscan uses it: bytes (Latin-1), silent, compiled when first needed. RE2 alone defines
// what a pattern means; Hyperscan only proposes (DESIGN.md, "Engine").
#pragma once

#include <re2/re2.h>

#include <memory>
#include <mutex>
#include <string>

namespace backscan::rules {

[[nodiscard]] re2::RE2::Options regex_options();

/// A pattern known to be valid, compiled by the first thread that needs it.
class LazyRegex {
 public:
  explicit LazyRegex(std::string pattern) : pattern_(std::move(pattern)) {}

  [[nodiscard]] const std::string& pattern() const { return pattern_; }
  /// Safe to call from any thread.
  [[nodiscard]] const re2::RE2& get() const {
    std::call_once(once_,
                   [this] { regex_ = std::make_unique<re2::RE2>(pattern_, regex_options()); });
    return *regex_;
  }

 private:
  std::string pattern_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<re2::RE2> regex_;
};

}  // namespace backscan::rules

// Where a report's text goes, piece by piece: a report of 200,000 findings never stands in memory as
// a whole.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace backscan::report {

class Sink {
 public:
  using Write = std::function<void(std::string_view)>;
  explicit Sink(Write write) : write_(std::move(write)) {}

  /// What is not handed on yet; renderers append to it.
  [[nodiscard]] std::string& text() { return text_; }
  /// Hands on what has gathered, if it is worth a call. Renderers call it after each record.
  void drain() {
    if (text_.size() >= kPieceBytes) finish();
  }
  /// Hands on the rest.
  void finish() {
    if (!text_.empty()) write_(text_);
    text_.clear();
  }

 private:
  static constexpr std::size_t kPieceBytes = std::size_t{256} << 10;
  Write write_;
  std::string text_;
};

}  // namespace backscan::report

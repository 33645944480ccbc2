// PHP's output buffers: what echo writes while ob_start() holds it back. Without a buffer output is
// dropped; only its size would matter, and to nobody.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "php/value_heap.h"

namespace backscan::php::eval {

class Output {
 public:
  struct Buffer {
    std::string text;
    Provenance provenance;
    bool is_known = true;  // false once something Unknown was written
    Value callback;
  };

  void start(Value callback) {
    constexpr std::size_t kMaxBuffers = 32;
    if (buffers_.size() < kMaxBuffers) buffers_.push_back({.callback = std::move(callback)});
  }
  [[nodiscard]] bool is_buffering() const { return !buffers_.empty(); }
  [[nodiscard]] Buffer* top() { return buffers_.empty() ? nullptr : &buffers_.back(); }
  [[nodiscard]] std::size_t levels() const { return buffers_.size(); }
  std::optional<Buffer> end() {
    if (buffers_.empty()) return std::nullopt;
    Buffer last = std::move(buffers_.back());
    buffers_.pop_back();
    return last;
  }
  void write(std::string_view text, const Provenance& provenance, std::size_t limit) {
    if (buffers_.empty()) return;
    Buffer& buffer = buffers_.back();
    if (buffer.text.size() + text.size() > limit)
      buffer.is_known = false;
    else
      buffer.text += text;
    if (buffer.provenance.steps == nullptr) buffer.provenance = provenance;
  }
  void write_unknown() {
    if (!buffers_.empty()) buffers_.back().is_known = false;
  }

 private:
  std::vector<Buffer> buffers_;
};

}  // namespace backscan::php::eval

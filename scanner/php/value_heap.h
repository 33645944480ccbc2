// The heap of one evaluation: makes values, counts the bytes they keep alive, and frees them all at
// the end, cycles included. Apart from value.h so that code that only reads values needs no budget.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "php/value.h"

namespace backscan::php::eval {

struct HeapLimits {
  std::size_t max_alive_bytes = 96u << 20;
  std::size_t max_value_bytes = 8u << 20;
};

class Heap {
 public:
  explicit Heap(const HeapLimits& limits) : limits_(limits) {}
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;
  ~Heap();

  /// A string value; Unknown(kBudget) where `bytes` is longer than one value may be.
  [[nodiscard]] Value string(std::string bytes, const Provenance& provenance = {});
  [[nodiscard]] Value string(std::string_view bytes, const Provenance& provenance = {}) {
    return string(std::string{bytes}, provenance);
  }
  [[nodiscard]] Value string(const char* bytes) { return string(std::string_view{bytes}); }
  /// A one-byte string, shared: character loops make millions of them.
  [[nodiscard]] Value character(unsigned char byte) { return shared(characters_, byte, {}); }
  /// The same as chr() makes it, with that step in its provenance.
  [[nodiscard]] Value character_from_code(unsigned char byte) {
    return shared(coded_characters_, byte, "chr");
  }
  [[nodiscard]] Value character_from_xor(unsigned char byte) {
    return shared(xored_characters_, byte, "xor");
  }
  [[nodiscard]] ArrayRef array();
  [[nodiscard]] CellRef cell(Value value = {});

  /// `provenance` with one more step in front; chains end at kMaxSteps.
  [[nodiscard]] Provenance with_step(const Provenance& provenance, std::string_view name);

  [[nodiscard]] std::size_t max_value_bytes() const { return limits_.max_value_bytes; }
  [[nodiscard]] bool is_exhausted() const { return alive_bytes_ > limits_.max_alive_bytes; }
  [[nodiscard]] std::size_t alive_bytes() const { return alive_bytes_; }

  /// Says that `block` now keeps `bytes` alive.
  void account(HeapBlock& block, std::size_t bytes) {
    alive_bytes_ += bytes - block.accounted;
    block.accounted = bytes;
  }

 private:
  friend struct HeapBlock;
  friend struct Container;
  friend void dispose(HeapBlock* block);

  static constexpr std::uint32_t kMaxSteps = 24;

  void dispose(HeapBlock* block);
  Value shared(std::array<StringRef, 256>& table, unsigned char byte, std::string_view step);

  HeapLimits limits_;
  std::size_t alive_bytes_ = 0;
  std::vector<HeapBlock*> dead_;
  bool is_draining_ = false;
  Container* containers_ = nullptr;
  std::array<StringRef, 256> characters_;
  std::array<StringRef, 256> coded_characters_;
  std::array<StringRef, 256> xored_characters_;
  std::map<std::pair<std::string_view, const Step*>, Step> steps_;  // nodes never move
};

/// Text under construction that stops growing at a limit instead of eating the memory.
class BoundedText {
 public:
  explicit BoundedText(const Heap& heap) : limit_(heap.max_value_bytes()) {}
  void add(std::string_view bytes) {
    if (bytes.size() > limit_ - text_.size())
      is_overflown_ = true;
    else
      text_.append(bytes);
  }
  void add(char byte) { add(std::string_view{&byte, 1}); }
  [[nodiscard]] bool is_overflown() const { return is_overflown_; }
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::size_t limit_;
  std::string text_;
  bool is_overflown_ = false;
};

}  // namespace backscan::php::eval

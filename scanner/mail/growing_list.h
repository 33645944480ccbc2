// A list whose items never move, in blocks that double: few allocations for a log of millions, little
// memory for the many small ones that are read beside it. (A std::deque allocates for every other item.)
#pragma once

#include <bit>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "mail/huge_pages.h"

namespace backscan::mail {

template <typename T>
class GrowingList {
 public:
  GrowingList() = default;
  GrowingList(GrowingList&& other) noexcept
      : blocks_(std::move(other.blocks_)), size_(std::exchange(other.size_, 0)) {}
  GrowingList& operator=(GrowingList&& other) noexcept {
    blocks_ = std::move(other.blocks_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  T& add() {
    const auto [block, place] = place_of(size_);
    if (block == blocks_.size()) blocks_.emplace_back().reserve(kFirst << block);
    ++size_;
    return blocks_[block].emplace_back();
  }

  [[nodiscard]] T& operator[](std::size_t index) {
    const auto [block, place] = place_of(index);
    return blocks_[block][place];
  }
  [[nodiscard]] const T& operator[](std::size_t index) const {
    return const_cast<GrowingList&>(*this)[index];
  }

  template <typename List, typename Item>
  class Iterator {
   public:
    using difference_type = std::ptrdiff_t;
    using value_type = T;

    Iterator() = default;
    Iterator(List* list, std::size_t index) : list_(list), index_(index) {}
    Item& operator*() const { return (*list_)[index_]; }
    Iterator& operator++() { return ++index_, *this; }
    Iterator operator++(int) { return {list_, index_++}; }
    bool operator==(const Iterator&) const = default;

   private:
    List* list_ = nullptr;
    std::size_t index_ = 0;
  };

  [[nodiscard]] auto begin() { return Iterator<GrowingList, T>(this, 0); }
  [[nodiscard]] auto end() { return Iterator<GrowingList, T>(this, size_); }
  [[nodiscard]] auto begin() const { return Iterator<const GrowingList, const T>(this, 0); }
  [[nodiscard]] auto end() const { return Iterator<const GrowingList, const T>(this, size_); }

 private:
  static constexpr std::size_t kFirst = 64;

  /// Which block an index is in, and where: block k has room for kFirst << k.
  static std::pair<std::size_t, std::size_t> place_of(std::size_t index) {
    const std::size_t nth = index / kFirst + 1;
    const auto block = static_cast<std::size_t>(std::bit_width(nth) - 1);
    return {block, index - kFirst * ((std::size_t{1} << block) - 1)};
  }

  std::vector<std::vector<T, HugePages<T>>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace backscan::mail

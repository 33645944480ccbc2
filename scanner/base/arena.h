// Memory that is given back all at once, in equal chunks: std::pmr's own resource makes each chunk
// half as large again as the last, so that a large file's last one is mostly never used.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <vector>

namespace backscan {

class Arena final : public std::pmr::memory_resource {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

 private:
  static constexpr std::size_t kFirstChunkBytes = std::size_t{16} << 10;
  static constexpr std::size_t kChunkBytes = std::size_t{256} << 10;

  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    void* at = next_;
    if (std::align(alignment, bytes, at, left_) == nullptr) {
      left_ = std::max(bytes + alignment, chunks_.empty() ? kFirstChunkBytes : kChunkBytes);
      at = chunks_.emplace_back(std::make_unique_for_overwrite<std::byte[]>(left_)).get();
      (void)std::align(alignment, bytes, at, left_);
    }
    next_ = static_cast<std::byte*>(at) + bytes;
    left_ -= bytes;
    return at;
  }
  void do_deallocate(void*, std::size_t, std::size_t) override {}
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  void* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace backscan

// Memory that is given back all at once, in equal chunks: std::pmr's own resource makes each chunk
// half as large again as the last, so that a large file's last one is mostly never used.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <new>
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
  // What ordinary files need stays with the allocator, for the next one. What is beyond comes from
  // the system and goes back to it: each thread would keep the most that any of its files needed.
  static constexpr std::size_t kOrdinaryBytes = std::size_t{8} << 20;
  static constexpr std::size_t kPageBytes = 4096;

  struct Unmap {
    std::size_t bytes = 0;
    void operator()(std::byte* chunk) const { ::munmap(chunk, bytes); }
  };

  std::byte* new_chunk(std::size_t bytes) {
    if (ordinary_ + bytes <= kOrdinaryBytes) {
      ordinary_ += bytes;
      return chunks_.emplace_back(std::make_unique_for_overwrite<std::byte[]>(bytes)).get();
    }
    const std::size_t whole = (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
    void* const at =
        ::mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc();
    return mapped_.emplace_back(static_cast<std::byte*>(at), Unmap{whole}).get();
  }

  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    void* at = next_;
    if (std::align(alignment, bytes, at, left_) == nullptr) {
      const std::size_t usual = chunks_.empty() ? kFirstChunkBytes : kChunkBytes;
      const std::size_t size = std::max(bytes + alignment, usual);
      at = new_chunk(size);
      left_ = size;
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
  std::vector<std::unique_ptr<std::byte, Unmap>> mapped_;
  std::size_t ordinary_ = 0;  // bytes in chunks_
  void* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace backscan

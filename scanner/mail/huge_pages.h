// Memory for what grows with a log: half of the time of reading one went into faults on pages of four
// kilobytes that were touched once, and into address translation after that.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace backscan::mail {

/// Asks the kernel to back blocks of two megabytes and more with huge pages; smaller ones are ordinary.
template <typename T>
class HugePages {
 public:
  using value_type = T;

  HugePages() = default;
  template <typename U>
  HugePages(const HugePages<U>&) {}

  [[nodiscard]] T* allocate(std::size_t count) {
    if (count * sizeof(T) < kHugeBytes) return static_cast<T*>(::operator new(count * sizeof(T)));
    const std::size_t bytes = (count * sizeof(T) + kHugeBytes - 1) / kHugeBytes * kHugeBytes;
    void* const block = std::aligned_alloc(kHugeBytes, bytes);
    if (block == nullptr) throw std::bad_alloc();
    (void)::madvise(block, bytes, MADV_HUGEPAGE);  // a kernel without them loses nothing
    return static_cast<T*>(block);
  }

  void deallocate(T* block, std::size_t count) {
    if (count * sizeof(T) < kHugeBytes)
      ::operator delete(block);
    else
      std::free(block);
  }

  bool operator==(const HugePages&) const { return true; }

 private:
  static constexpr std::size_t kHugeBytes = std::size_t{2} << 20;
};

}  // namespace backscan::mail

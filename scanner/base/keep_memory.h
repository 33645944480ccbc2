// How the allocator treats freed memory, set once at start; shared by the program and the benchmark.
#pragma once

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace backscan {

/// What one file needed the next one needs too: giving it back in between costs a page fault for
/// every page (a fifth of a scan's time).
inline void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 128 << 20);
  mallopt(M_TOP_PAD, 4 << 20);
#endif
}

}  // namespace backscan

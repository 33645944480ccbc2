// How the allocator treats freed memory, set once at start; shared by the program and the benchmark.
#pragma once

#ifdef __GLIBC__
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#endif

namespace backscan {

/// What one file needed the next one needs too: giving it back in between costs a page fault for
/// every page (a fifth of a scan's time). Only what few files need goes back to the system at once.
/// No more heaps than threads that run at a time: each keeps the most that was ever in it.
inline void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 128 << 20);
  mallopt(M_TOP_PAD, 4 << 20);
  mallopt(M_ARENA_MAX, static_cast<int>(std::clamp(::sysconf(_SC_NPROCESSORS_ONLN), 1L, 256L)));
#endif
}

}  // namespace backscan

// SPDX-License-Identifier: Apache-2.0
#include "core/base/memory.h"

#include <cstdlib> // defines __GLIBC__

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace rp {

void keepFreedMemory() {
#ifdef __GLIBC__
    constexpr int kMegabyte = 1 << 20;
    mallopt(M_MMAP_MAX, 0); // large blocks come from the heap as well
    mallopt(M_TRIM_THRESHOLD, 2047 * kMegabyte);
    mallopt(M_TOP_PAD, 64 * kMegabyte);
#endif
}

} // namespace rp

// SPDX-License-Identifier: Apache-2.0
#include "core/exec/float32_map.h"

#include <algorithm>
#include <cstdlib>
#include <new>

#include <sys/mman.h>

namespace rp {
namespace {

constexpr std::size_t kPage = std::size_t{4} << 10;
constexpr std::size_t kHugePage = std::size_t{2} << 20;
/// Beyond this, returned buffers go to the system instead: a pool must not keep the largest picture's memory.
constexpr std::size_t kKeepBytes = std::size_t{512} << 20;

std::size_t roundUp(std::size_t bytes, std::size_t unit) {
    return (bytes + unit - 1) / unit * unit;
}

float* allocate(std::size_t bytes) {
    const bool huge = bytes % kHugePage == 0;
    void* start = std::aligned_alloc(huge ? kHugePage : kPage, bytes);
    if (!start) throw std::bad_alloc();
    // Advice only: fewer page faults and TLB misses where the system grants it.
    if (huge) madvise(start, bytes, MADV_HUGEPAGE);
    return static_cast<float*>(start);
}

} // namespace

BufferPool::~BufferPool() {
    for (const Block& block : m_free)
        std::free(block.start);
}

std::shared_ptr<float> BufferPool::take(std::int64_t floats) {
    const std::size_t wanted = std::max<std::size_t>(static_cast<std::size_t>(floats) * sizeof(float), 1);
    const std::size_t bytes = roundUp(wanted, wanted >= kHugePage / 4 ? kHugePage : kPage);
    Block block = findFree(bytes);
    if (!block.start) block = {allocate(bytes), bytes};
    return {block.start, [pool = shared_from_this(), block](float*) { pool->giveBack(block); }};
}

/// The latest returned buffer that fits without wasting more than half of itself: it is still in the caches.
BufferPool::Block BufferPool::findFree(std::size_t bytes) {
    const std::lock_guard lock(m_mutex);
    const auto fits = [bytes](const Block& b) { return b.bytes >= bytes && b.bytes / 2 <= bytes; };
    const auto it = std::find_if(m_free.rbegin(), m_free.rend(), fits);
    if (it == m_free.rend()) return {};
    const Block found = *it;
    m_free.erase(std::next(it).base());
    m_freeBytes -= found.bytes;
    return found;
}

void BufferPool::giveBack(Block block) noexcept {
    {
        const std::lock_guard lock(m_mutex);
        if (m_freeBytes + block.bytes <= kKeepBytes) {
            try {
                m_free.push_back(block);
                m_freeBytes += block.bytes;
                return;
            } catch (const std::bad_alloc&) { // then the buffer is not kept
            }
        }
    }
    std::free(block.start);
}

bool MapLayout::sameMemoryAs(const MapLayout& other) const {
    if (block == other.block) return true;
    return pixels == 1 && !isPadded() && !other.isPadded();
}

MapLayout layoutOf(const Shape& shape, std::int64_t block) {
    // Maps between operations may have any rank: axis 1 holds the channels, a vector is one channel.
    if (shape.size() < 2) return {1, 1, countOf(shape), block};
    const std::int64_t planes = shape[0] * shape[1];
    return {shape[0], shape[1], planes ? countOf(shape) / planes : 0, block};
}

} // namespace rp

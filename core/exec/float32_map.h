// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/exec/engine.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace rp {

/// Float buffers that go back here when their last owner drops them, so that repeated runs find memory whose
/// pages are already mapped. Buffers may outlive the engine and may be dropped on any thread.
class BufferPool : public std::enable_shared_from_this<BufferPool> {
public:
    static std::shared_ptr<BufferPool> make() { return std::make_shared<BufferPool>(); }
    BufferPool() = default;
    BufferPool(const BufferPool&) = delete;
    BufferPool& operator=(const BufferPool&) = delete;
    ~BufferPool();

    /// At least `floats` elements of undefined content, aligned to 64 bytes.
    std::shared_ptr<float> take(std::int64_t floats);

private:
    struct Block {
        float* start = nullptr;
        std::size_t bytes = 0;
    };
    Block findFree(std::size_t bytes);
    void giveBack(Block block) noexcept;

    std::mutex m_mutex;
    std::vector<Block> m_free; ///< latest returned last
    std::size_t m_freeBytes = 0;
};

/// How a map lies in memory: [n][ceil(c / block)][h w][block]. block 1 is NCHW, block c is NHWC, 8 and 16 are
/// oneDNN's blocked layouts. Channels beyond c in the last block hold finite numbers: oneDNN multiplies them
/// by weights that are zero, which would not help against the NaN that a used buffer may hold.
struct MapLayout {
    std::int64_t n = 0, channels = 0, pixels = 0, block = 1;

    std::int64_t blocks() const { return (channels + block - 1) / block; }
    std::int64_t planes() const { return n * blocks(); }
    std::int64_t planeFloats() const { return pixels * block; }
    std::int64_t floats() const { return planes() * planeFloats(); }
    bool isPadded() const { return channels % block != 0; }
    /// Channels of block `b` that are not padding.
    std::int64_t channelsIn(std::int64_t b) const { return std::min(block, channels - b * block); }
    /// Offset of channel c of picture i at its first pixel; the next pixel is `block` further on.
    std::int64_t offsetOf(std::int64_t i, std::int64_t c) const {
        return (i * blocks() + c / block) * planeFloats() + c % block;
    }
    /// Whether both number the same elements the same way (NCHW of one channel is NHWC as well …).
    bool sameMemoryAs(const MapLayout& other) const;
};

MapLayout layoutOf(const Shape& shape, std::int64_t block);

/// The float32 engine's feature map.
class Float32Map final : public Map {
public:
    Float32Map(Shape shape, std::int64_t block, std::shared_ptr<float> values, bool finite)
        : Map(std::move(shape)), m_layout(layoutOf(this->shape(), block)), m_values(std::move(values)),
          m_finite(finite) {}

    const MapLayout& layout() const { return m_layout; }
    const float* values() const { return m_values.get(); }
    /// For the engine alone, while it makes the map.
    float* edit() const { return m_values.get(); }
    /// False once NaN or infinity was among the numbers that led here. Such maps take a path that hides
    /// neither.
    bool isFinite() const { return m_finite; }

private:
    MapLayout m_layout;
    std::shared_ptr<float> m_values;
    bool m_finite;
};
using Float32Ptr = std::shared_ptr<const Float32Map>;

} // namespace rp

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/exec/float32_map.h"

#include <array>
#include <span>
#include <vector>

namespace rp {

/// Instruction set that the loops below may use; they are compiled once for each. All give the same bits:
/// they contract no products into sums.
enum class VectorIsa { baseline, avx2, avx512 };

/// Element-wise functions that need no transcendental.
enum class Pointwise { none, relu, relu6, slope, hardswish, hardsigmoid };

/// Numbers per channel, repeated so that a plane [pixels][block] can be walked in flat steps of `period`
/// elements whatever its block is. Entry (plane p, lane l) is at [p * period + l]; lanes of padding hold
/// zero.
class ChannelLanes {
public:
    /// `values` holds `sets` times `channels` numbers: one set for all pictures, or one set for each.
    ChannelLanes(const MapLayout& layout, std::span<const float> values);

    std::int64_t period() const { return m_period; }
    /// Lanes of plane p = picture * blocks + block.
    const float* of(std::int64_t plane) const { return m_lanes.data() + plane % m_planes * m_period; }

private:
    std::int64_t m_period;
    std::int64_t m_planes; ///< planes after which the numbers repeat
    std::vector<float> m_lanes;
};

/// y = f(scale x + shift + addend), in this order of rounding; y may be x or addend.
struct PointwiseCall {
    MapLayout layout;
    const float* x = nullptr;
    const float* addend = nullptr; ///< may be null
    float* y = nullptr;
    const ChannelLanes* scale = nullptr;
    const ChannelLanes* shift = nullptr;
    const ChannelLanes* slope = nullptr; ///< of negative values; for Pointwise::slope
    Pointwise function = Pointwise::none;
};
void applyPointwise(VectorIsa isa, const PointwiseCall& call);

/// Mean and sum of squared differences from it, per channel of one plane (block entries; padding included).
struct PlaneMoments {
    std::vector<double> mean, squares;
    std::int64_t samples = 0;
};
/// Of every plane. Chunks are cut by the layout alone and joined in order: the bits depend on neither threads
/// nor instruction set.
std::vector<PlaneMoments> planeMoments(VectorIsa isa, const MapLayout& layout, const float* x);
/// Joins `more` into `all` (Chan, Golub and LeVeque).
void joinMoments(PlaneMoments& all, const PlaneMoments& more);

/// Copies all channels of `x` to channels `firstChannel`… of `y`, from any layout into any other.
void copyChannels(const MapLayout& from, const float* x, const MapLayout& to, float* y,
                  std::int64_t firstChannel);

/// Sets the padding lanes of the last block to zero.
void clearPadding(const MapLayout& layout, float* y);

/// y = x within a border of `value[c]`; negative padding crops. `h`, `w` are x's.
void padPlanes(const MapLayout& from, const float* x, std::int64_t h, std::int64_t w, const Padding& padding,
               const ChannelLanes& value, float* y);

/// Average of each window; `inSize` is x's, `outSize` y's. No negative padding.
void poolPlanes(const MapLayout& from, const float* x, Extent inSize, const AvgPool& pool, Extent outSize,
                float* y);

} // namespace rp

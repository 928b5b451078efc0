// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/algebra.h"

#include <span>
#include <vector>

namespace rp::fusion {

/// Energy of a kernel by output channel: sum of K[o, i, y, x]^2 over the inputs, at the window's middle tap [kh/2, kw/2]
/// and around it.
struct ChannelEnergies {
    std::vector<double> centre, ring;
    double of(std::size_t channel) const { return centre[channel] + ring[channel]; }
};
ChannelEnergies channelEnergies(const Kernel& kernel);

/// How the numbers of a kernel are spread. Zeros (what embedding and the identity leave) are counted apart, or they would
/// be all there is to see.
struct WeightSpread {
    static constexpr double kFarOut = 3; ///< fences in interquartile ranges beyond the quartiles: Tukey (1977), "far out"
    double low = 0, high = 0;            ///< of all that is not zero
    double lowFence = 0, highFence = 0;  ///< what lies beyond is an outlier
    std::vector<std::int64_t> counts;    ///< over equal bins of [low, high]
    std::int64_t zeros = 0, nonFinite = 0, outliers = 0;

    double binWidth() const { return counts.empty() ? 0 : (high - low) / static_cast<double>(counts.size()); }
};
WeightSpread spreadOf(std::span<const double> weights, std::size_t bins = 81);

} // namespace rp::fusion

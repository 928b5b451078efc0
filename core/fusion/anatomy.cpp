// SPDX-License-Identifier: Apache-2.0
#include "core/fusion/anatomy.h"

#include <algorithm>
#include <cmath>

namespace rp::fusion {

ChannelEnergies channelEnergies(const Kernel& kernel) {
    const Extent k = kernel.extent();
    const std::int64_t taps = k.h * k.w, middle = k.h / 2 * k.w + k.w / 2, inputs = kernel.weight.size(1);
    ChannelEnergies energies;
    auto weight = kernel.weight.values().begin();
    for (std::int64_t o = 0; o < kernel.outChannels(); ++o) {
        double centre = 0, ring = 0;
        for (std::int64_t i = 0; i < inputs; ++i)
            for (std::int64_t tap = 0; tap < taps; ++tap, ++weight) (tap == middle ? centre : ring) += *weight * *weight;
        energies.centre.push_back(centre);
        energies.ring.push_back(ring);
    }
    return energies;
}

namespace {

/// The value below which `share` of the numbers lie, interpolated between neighbours as NumPy does. Reorders them.
double quantile(std::vector<double>& values, double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
    std::ranges::nth_element(values, at);
    if (below + 1 == values.size()) return *at;
    const double next = *std::min_element(at + 1, values.end());
    return *at + (place - static_cast<double>(below)) * (next - *at);
}

} // namespace

WeightSpread spreadOf(std::span<const double> weights, std::size_t bins) {
    WeightSpread spread;
    std::vector<double> values;
    values.reserve(weights.size());
    for (double w : weights) {
        spread.zeros += w == 0;
        spread.nonFinite += !std::isfinite(w);
        if (w != 0 && std::isfinite(w)) values.push_back(w);
    }
    spread.counts.resize(bins);
    if (values.empty()) return spread;
    const auto [low, high] = std::ranges::minmax(values);
    spread.low = low;
    spread.high = high;
    for (double w : values) {
        // Halves, so that a range from -1e308 to 1e308 has a width.
        const double place = high > low ? (w / 2 - low / 2) / (high / 2 - low / 2) * static_cast<double>(bins) : static_cast<double>(bins) / 2;
        ++spread.counts[std::min(static_cast<std::size_t>(place), bins - 1)];
    }
    const double first = quantile(values, 0.25), third = quantile(values, 0.75), reach = WeightSpread::kFarOut * (third - first);
    spread.lowFence = first - reach;
    spread.highFence = third + reach;
    spread.outliers = std::ranges::count_if(values, [&](double w) { return w < spread.lowFence || w > spread.highFence; });
    return spread;
}

} // namespace rp::fusion

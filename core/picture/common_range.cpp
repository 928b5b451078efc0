// SPDX-License-Identifier: Apache-2.0
#include "core/picture/common_range.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rp::picture {
namespace {

constexpr std::int64_t kEnough = 400000; ///< elements that give the quantiles to three digits

double quantile(std::vector<double>& values, double share) {
    const auto place =
        values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::ranges::nth_element(values, place);
    return *place;
}

/// Nothing but one value still gets two different ends.
Range notEmpty(double low, double high) {
    return low < high ? Range{low, high} : Range{low - 1, low + 1};
}

} // namespace

CommonRange commonRange(const std::vector<const TensorD*>& maps) {
    std::int64_t count = 0;
    for (const TensorD* map : maps) count += map->count();
    const std::int64_t step = std::max<std::int64_t>(1, count / kEnough);
    CommonRange common;
    std::vector<double> sample;
    for (const TensorD* map : maps) {
        for (double v : map->values())
            if (std::isfinite(v)) common.largest = std::max(common.largest, std::abs(v));
        for (std::int64_t i = 0; i < map->count(); i += step)
            if (std::isfinite((*map)[i])) sample.push_back((*map)[i]);
    }
    if (sample.empty()) return common;
    const double tail = (1 - kShownShare) / 2;
    const double low = quantile(sample, tail);
    common.sequential = notEmpty(low, quantile(sample, 1 - tail));
    for (double& v : sample) v = std::abs(v);
    const double end = quantile(sample, kShownShare);
    const double shown = end > 0 ? end : common.largest > 0 ? common.largest : 1;
    common.diverging = {-shown, shown};
    return common;
}

std::vector<ChannelFigures> channelFigures(const TensorD& map) {
    const std::int64_t channels = map.size(1), area = map.size(2) * map.size(3);
    std::vector<ChannelFigures> figures(static_cast<std::size_t>(channels));
    for (std::int64_t c = 0; c < channels; ++c) {
        double low = std::numeric_limits<double>::infinity(), high = -low, squares = 0;
        std::int64_t finite = 0;
        for (std::int64_t n = 0; n < map.size(0); ++n)
            for (double v : map.values().subspan(static_cast<std::size_t>((n * channels + c) * area),
                                                 static_cast<std::size_t>(area))) {
                if (!std::isfinite(v)) continue;
                ++finite;
                low = std::min(low, v);
                high = std::max(high, v);
                squares += v * v;
            }
        if (finite > 0) figures[static_cast<std::size_t>(c)] = {low, high, squares / static_cast<double>(finite)};
    }
    return figures;
}

Range rangeOf(const ChannelFigures& channel, ColourMap map) {
    if (map == ColourMap::sequential) return notEmpty(channel.low, channel.high);
    const double end = std::max(std::abs(channel.low), std::abs(channel.high));
    return end > 0 ? Range{-end, end} : Range{};
}

} // namespace rp::picture

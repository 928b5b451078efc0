// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/difference_pair.h"

#include "ui/presenters/display_text.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace rp::ui {
namespace {

std::optional<DifferencePair::Place> largestOf(std::span<const double> values, const Shape& shape) {
    std::optional<DifferencePair::Place> largest;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i]) || (largest && std::abs(values[i]) <= std::abs(largest->value)))
            continue;
        const auto index = static_cast<std::int64_t>(i);
        largest = {index / (shape[2] * shape[3]), index / shape[3] % shape[2], index % shape[3], values[i]};
    }
    return largest;
}

} // namespace

std::optional<DifferencePair> pairOf(const BlockDetail& detail, int sample) {
    const BlockMap* sum = detail.find(BlockMap::Role::sum);
    const BlockMap* difference = detail.find(BlockMap::Role::difference);
    if (!sum || !difference || sample < 0 || sample >= sum->values.size(0)) return std::nullopt;
    const Shape& shape = sum->values.shape();
    const auto count = static_cast<std::size_t>(shape[1] * shape[2] * shape[3]);
    const std::size_t start = static_cast<std::size_t>(sample) * count;
    const std::span<const double> shown = sum->values.values().subspan(start, count);
    const std::span<const double> delta = difference->values.values().subspan(start, count);
    // In phase eval the map that is shown is the one that is subtracted.
    const bool showsEval = detail.phase == Phase::eval;
    DifferencePair pair{toQString(toString(Phase::eval)),
                        toQString(toString(showsEval ? Phase::deploy : detail.phase)),
                        {shown.begin(), shown.end()},
                        {shown.begin(), shown.end()},
                        difference->values,
                        largestOf(delta, shape)};
    for (std::size_t i = 0; i < count; ++i)
        showsEval ? pair.y[i] += delta[i] : pair.x[i] -= delta[i];
    return pair;
}

double Histogram::centreOf(std::size_t bin) const {
    const auto bins = static_cast<double>(counts.size());
    return (2 * static_cast<double>(bin) + 1 - bins) / bins * reach;
}

Histogram histogramOf(const std::vector<double>& x, const std::vector<double>& y, std::size_t bins) {
    Histogram histogram;
    histogram.counts.resize(bins);
    for (std::size_t i = 0; i < x.size(); ++i)
        if (const double delta = y[i] - x[i]; std::isfinite(delta))
            histogram.reach = std::max(histogram.reach, std::abs(delta));
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double delta = y[i] - x[i];
        histogram.zeros += delta == 0;
        if (!std::isfinite(delta)) {
            ++histogram.nonFinite;
            continue;
        }
        const double place = histogram.reach > 0 ? (delta / histogram.reach + 1) / 2 : 0.5;
        const auto bin = static_cast<std::size_t>(place * static_cast<double>(bins));
        ++histogram.counts[std::min(bin, bins - 1)];
    }
    return histogram;
}

} // namespace rp::ui

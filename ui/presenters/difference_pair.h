// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace rp::ui {

/// The same elements of the selected block as two computations have them, before the tail.
struct DifferencePair {
    QString xName, yName;     ///< "eval"; "train" or "deploy"
    std::vector<double> x, y; ///< one sample, element by element
    TensorD difference;       ///< y - x, [n, c, h, w]
    struct Place {
        std::int64_t channel = 0, y = 0, x = 0;
        double value = 0;
    };
    std::optional<Place> largest; ///< in magnitude, of that sample; none when no difference is finite
};

/// None when the block has no such pair (refused, deploy form).
std::optional<DifferencePair> pairOf(const BlockDetail& detail, int sample);

/// Counts over equal bins of [-reach, reach]; the middle bin holds zero.
struct Histogram {
    double reach = 0; ///< largest finite magnitude; 0 when all are 0
    std::vector<std::int64_t> counts;
    std::int64_t zeros = 0;     ///< exactly 0, also counted in the middle bin
    std::int64_t nonFinite = 0; ///< in no bin
    double centreOf(std::size_t bin) const;
};
Histogram histogramOf(const std::vector<double>& x, const std::vector<double>& y, std::size_t bins = 41);

} // namespace rp::ui

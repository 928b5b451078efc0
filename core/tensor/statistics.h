// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace rp {

/// What a glance at numbers tells. Sums are float64; min, max, mean and deviation are over the finite values.
struct Statistics {
    std::int64_t count = 0;
    std::int64_t nans = 0;
    std::int64_t infinities = 0;
    double min = 0;
    double max = 0;
    double mean = 0;
    double deviation = 0; ///< population standard deviation
};

Statistics statisticsOf(std::span<const float> values);
Statistics statisticsOf(std::span<const double> values);

} // namespace rp

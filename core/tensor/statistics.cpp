// SPDX-License-Identifier: Apache-2.0
#include "core/tensor/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rp {
namespace {

template<class T>
Statistics measure(std::span<const T> values) {
    Statistics s;
    s.count = static_cast<std::int64_t>(values.size());
    s.min = std::numeric_limits<double>::infinity();
    s.max = -s.min;
    double sum = 0;
    std::int64_t finite = 0;
    for (T raw : values) {
        const double v = raw;
        if (std::isnan(v)) {
            ++s.nans;
        } else if (std::isinf(v)) {
            ++s.infinities;
        } else {
            ++finite;
            sum += v;
            s.min = std::min(s.min, v);
            s.max = std::max(s.max, v);
        }
    }
    if (finite == 0) {
        s.min = s.max = 0;
        return s;
    }
    s.mean = sum / static_cast<double>(finite);
    double squares = 0;
    for (T raw : values)
        if (std::isfinite(static_cast<double>(raw))) squares += (raw - s.mean) * (raw - s.mean);
    s.deviation = std::sqrt(squares / static_cast<double>(finite));
    return s;
}

} // namespace

Statistics statisticsOf(std::span<const float> values) { return measure(values); }
Statistics statisticsOf(std::span<const double> values) { return measure(values); }

} // namespace rp

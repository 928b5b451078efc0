// SPDX-License-Identifier: Apache-2.0
#include "core/verify/diagnosis/residual_shape.h"

#include <cmath>
#include <limits>
#include <vector>

#include <fmt/format.h>

namespace rp::verify {
namespace {

/// A mistake inside the map lifts no ring above this; one of padding does by orders of magnitude.
constexpr double kRimStandsOut = 4;
constexpr double kMostlyConstant = 0.9;

struct Squares {
    double sum = 0;
    double count = 0;
    void add(double value) {
        sum += value * value;
        ++count;
    }
    double rms() const { return count > 0 ? std::sqrt(sum / count) : 0; }
};

} // namespace

ResidualShape residualShape(const TensorD& ours, const TensorD& theirs) {
    const Shape& shape = ours.shape();
    const std::int64_t channels = shape[1], h = shape[2], w = shape[3];
    Squares rim, inside;
    std::vector<double> sums(static_cast<std::size_t>(channels)), counts(sums.size());
    for (std::int64_t i = 0; i < ours.count(); ++i) {
        const double difference = theirs[i] - ours[i];
        if (!std::isfinite(difference)) continue;
        const std::int64_t x = i % w, y = i / w % h;
        (x == 0 || y == 0 || x == w - 1 || y == h - 1 ? rim : inside).add(difference);
        const auto channel = static_cast<std::size_t>(i / (w * h) % channels);
        sums[channel] += difference;
        ++counts[channel];
    }
    ResidualShape result;
    const double all = rim.sum + inside.sum;
    if (all == 0) return result;
    double constant = 0;
    for (std::size_t c = 0; c < sums.size(); ++c)
        if (counts[c] > 0) constant += sums[c] * sums[c] / counts[c];
    result.constantShare = constant / all;
    if (inside.count > 0) result.rimOverInside = inside.sum > 0 ? rim.rms() / inside.rms() : std::numeric_limits<double>::infinity();
    return result;
}

std::string describe(const ResidualShape& shape) {
    if (shape.rimOverInside && std::isinf(*shape.rimOverInside)) return "only the outermost pixels differ: look at the padding and its mode";
    if (shape.rimOverInside && *shape.rimOverInside >= kRimStandsOut)
        return fmt::format("the outermost pixels differ {:.2g} times as much as the rest: look at the padding and its mode", *shape.rimOverInside);
    if (shape.constantShare >= kMostlyConstant)
        return fmt::format("{:.0f} % of the difference is one number per channel: look at biases and means", 100 * shape.constantShare);
    return {};
}

} // namespace rp::verify

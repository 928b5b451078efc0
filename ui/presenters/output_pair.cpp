// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/output_pair.h"

#include <algorithm>
#include <cmath>

namespace rp::ui {
namespace {

/// As a picture file would hold it; NaN has a level of its own.
int eightBit(double value) {
    return std::isnan(value) ? -1 : static_cast<int>(std::lround(255 * std::clamp(value, 0.0, 1.0)));
}

Shape placeOf(std::int64_t index, const Shape& shape) {
    Shape place(shape.size());
    for (std::size_t axis = shape.size(); axis-- > 0; index /= shape[axis]) place[axis] = index % shape[axis];
    return place;
}

} // namespace

bool isPicture(const TensorD& output) {
    const Shape& shape = output.shape();
    return shape.size() == 4 && (shape[1] == 1 || shape[1] == 3) && shape[2] > 1 && shape[3] > 1;
}

std::optional<OutputPair> outputPair(const PhaseRunPtr& x, const PhaseRunPtr& y) {
    if (!x || !y || x->problem || y->problem) return std::nullopt;
    if (!isPicture(x->output) || x->output.shape() != y->output.shape()) return std::nullopt;
    const Shape& shape = x->output.shape();
    OutputPair pair{x, y, TensorD(Shape{shape[0], 1, shape[2], shape[3]}), 0, {}, std::nullopt, 0};
    const std::span<const double> from = x->output.values(), to = y->output.values();
    const std::span<double> worst = pair.difference.edit();
    const auto area = static_cast<std::size_t>(shape[2] * shape[3]), whole = area * static_cast<std::size_t>(shape[1]);
    double squares = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const double difference = to[i] - from[i];
        double& here = worst[i / whole * area + i % area];
        if (std::isnan(difference) || std::abs(difference) > std::abs(here)) here = difference;
        squares += difference * difference;
        if (std::abs(difference) > pair.largest && std::isfinite(difference)) {
            pair.largest = std::abs(difference);
            at = i;
        }
        if (eightBit(from[i]) != eightBit(to[i])) ++pair.roundedOtherwise;
    }
    if (pair.largest > 0) pair.largestAt = placeOf(static_cast<std::int64_t>(at), shape);
    if (squares > 0 && std::isfinite(squares)) pair.psnr = -10 * std::log10(squares / static_cast<double>(from.size()));
    return pair;
}

} // namespace rp::ui

// SPDX-License-Identifier: Apache-2.0
#include "core/verify/probes.h"

#include "core/verify/verify.h"

#include <algorithm>
#include <cmath>

namespace rp::verify {
namespace {

constexpr std::uint64_t kIntegerSeed = 11, kNoiseSeed = 12;
constexpr double kLarge = 1e4;

TensorD impulse(const Shape& shape, std::int64_t y, std::int64_t x) {
    TensorD values(shape);
    const std::int64_t h = shape[2], w = shape[3];
    for (std::int64_t plane = 0; plane < shape[0] * shape[1]; ++plane) values.edit()[static_cast<std::size_t>((plane * h + y) * w + x)] = 1;
    return values;
}

template<class Change>
TensorD changed(TensorD values, Change change) {
    std::ranges::transform(values.edit(), values.edit().begin(), change);
    return values;
}

} // namespace

std::vector<Probe> probesFor(const Shape& shape) {
    const std::int64_t h = shape[2], w = shape[3];
    const TensorD noise = seededInput(shape, kNoiseSeed);
    return {{"zeros", TensorD(shape)},
            {"ones", changed(TensorD(shape), [](double) { return 1.0; })},
            {"impulse at the centre", impulse(shape, h / 2, w / 2)},
            {"impulse at the edge", impulse(shape, 0, w / 2)},
            {"impulse in the corner", impulse(shape, 0, 0)},
            {"small integers", changed(seededInput(shape, kIntegerSeed), [](double v) { return std::clamp(std::nearbyint(1.5 * v), -3.0, 3.0); })},
            {"Gaussian noise", noise},
            {"large magnitude", changed(noise, [](double v) { return kLarge * v; })}};
}

} // namespace rp::verify

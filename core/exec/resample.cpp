// SPDX-License-Identifier: Apache-2.0
#include "core/exec/resample.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rp {
namespace {

/// One output point: up to four neighbours of the input and their weights.
struct Tap {
    std::array<std::int64_t, 4> at{};
    std::array<double, 4> weight{};
};

double sourceOf(std::int64_t i, std::int64_t in, std::int64_t out, double scale, Resize::Coordinates coordinates) {
    const auto x = static_cast<double>(i);
    switch (coordinates) {
    case Resize::Coordinates::alignCorners: return out == 1 ? 0.0 : x * static_cast<double>(in - 1) / static_cast<double>(out - 1);
    case Resize::Coordinates::asymmetric: return x / scale;
    case Resize::Coordinates::pytorchHalfPixel:
        if (out == 1) return 0.0;
        break;
    case Resize::Coordinates::halfPixel: break;
    }
    return (x + 0.5) / scale - 0.5;
}

double nearestOf(double x, Resize::Nearest nearest) {
    switch (nearest) {
    case Resize::Nearest::floor: return std::floor(x);
    case Resize::Nearest::ceil: return std::ceil(x);
    case Resize::Nearest::roundPreferFloor: return std::ceil(x - 0.5);
    case Resize::Nearest::roundPreferCeil: break;
    }
    return std::floor(x + 0.5);
}

Tap tapOf(double x, std::int64_t in, const Resize& resize) {
    auto inside = [in](double v) { return std::clamp<std::int64_t>(static_cast<std::int64_t>(v), 0, in - 1); };
    if (resize.mode == Resize::Mode::nearest) return {{inside(nearestOf(x, resize.nearest))}, {1.0}};
    const double base = std::floor(x), t = x - base, a = resize.cubicCoefficient;
    if (resize.mode == Resize::Mode::linear) return {{inside(base), inside(base + 1)}, {1 - t, t}};
    auto near = [a](double d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
    auto far = [a](double d) { return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a; };
    return {{inside(base - 1), inside(base), inside(base + 1), inside(base + 2)}, {far(t + 1), near(t), near(1 - t), far(2 - t)}};
}

} // namespace

template<class T>
Tensor<T> resampled(const Tensor<T>& x, std::size_t axis, std::int64_t size, double scale, const Resize& resize) {
    Shape shape = x.shape();
    const std::int64_t in = shape[axis];
    shape[axis] = size;
    std::int64_t inner = 1;
    for (std::size_t a = axis + 1; a < shape.size(); ++a) inner *= shape[a];
    std::vector<Tap> taps;
    for (std::int64_t i = 0; i < size; ++i) taps.push_back(tapOf(sourceOf(i, in, size, scale, resize.coordinates), in, resize));
    Tensor<T> out(shape);
    std::size_t at = 0;
    const std::span<T> y = out.edit();
    const std::int64_t outer = x.count() / std::max<std::int64_t>(1, in * inner);
    for (std::int64_t o = 0; o < outer; ++o)
        for (const Tap& tap : taps)
            for (std::int64_t p = 0; p < inner; ++p) {
                double sum = 0;
                for (std::size_t k = 0; k < tap.at.size(); ++k)
                    if (tap.weight[k] != 0.0) sum += tap.weight[k] * static_cast<double>(x[(o * in + tap.at[k]) * inner + p]);
                y[at++] = static_cast<T>(sum);
            }
    return out;
}

template TensorF resampled(const TensorF&, std::size_t, std::int64_t, double, const Resize&);
template TensorD resampled(const TensorD&, std::size_t, std::int64_t, double, const Resize&);

} // namespace rp

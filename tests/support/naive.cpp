// SPDX-License-Identifier: Apache-2.0
#include "tests/support/naive.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rp::naive {
namespace {

/// Element [n, c, y, x], 0 outside of the picture.
double at(const TensorD& t, std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) {
    if (y < 0 || y >= t.size(2) || x < 0 || x >= t.size(3)) return 0.0;
    return t[((n * t.size(1) + c) * t.size(2) + y) * t.size(3) + x];
}

/// A tensor whose element [n, c, y, x] is `value(n, c, y, x)`.
template<class Value>
TensorD filled(Shape shape, Value value) {
    TensorD t(std::move(shape));
    auto to = t.edit().begin();
    for (std::int64_t n = 0; n < t.size(0); ++n)
        for (std::int64_t c = 0; c < t.size(1); ++c)
            for (std::int64_t y = 0; y < t.size(2); ++y)
                for (std::int64_t x = 0; x < t.size(3); ++x)
                    *to++ = value(n, c, y, x);
    return t;
}

} // namespace

TensorD convolve(const Conv& conv, const TensorD& x) {
    const TensorD w = conv.weight.toDouble();
    const TensorD bias = conv.bias ? conv.bias->toDouble() : TensorD(Shape{w.size(0)});
    const std::int64_t perGroup = w.size(0) / conv.groups;
    const auto outSize = [](std::int64_t in, std::int64_t pads, std::int64_t k, std::int64_t dilation,
                            std::int64_t s) { return (in + pads - dilation * (k - 1) - 1) / s + 1; };
    const Padding& p = conv.padding;
    const std::int64_t oh = outSize(x.size(2), p.top + p.bottom, w.size(2), conv.dilation.h, conv.stride.h);
    const std::int64_t ow = outSize(x.size(3), p.left + p.right, w.size(3), conv.dilation.w, conv.stride.w);
    // A negative padding hides pixels, so that what is cropped must not be read.
    const TensorD seen =
        filled({x.size(0), x.size(1), x.size(2), x.size(3)}, [&](auto n, auto c, auto r, auto q) {
            const bool cropped =
                r < -p.top || q < -p.left || r >= x.size(2) + p.bottom || q >= x.size(3) + p.right;
            return cropped ? 0.0 : at(x, n, c, r, q);
        });
    return filled({x.size(0), w.size(0), oh, ow}, [&](auto n, auto o, auto r, auto q) {
        double sum = bias[o];
        for (std::int64_t i = 0; i < w.size(1); ++i)
            for (std::int64_t v = 0; v < w.size(2); ++v)
                for (std::int64_t u = 0; u < w.size(3); ++u)
                    sum += at(w, o, i, v, u) * at(seen, n, o / perGroup * w.size(1) + i,
                                                  r * conv.stride.h + v * conv.dilation.h - p.top,
                                                  q * conv.stride.w + u * conv.dilation.w - p.left);
        return sum;
    });
}

double activate(const Activation& activation, std::int64_t channel, double x) {
    using Kind = Activation::Kind;
    const auto relu6 = [](double v) { return std::min(std::max(v, 0.0), 6.0); };
    const auto sigmoid = [](double v) { return 1.0 / (1.0 + std::exp(-v)); };
    switch (activation.kind) {
    case Kind::none:
        return x;
    case Kind::relu:
        return std::max(x, 0.0);
    case Kind::relu6:
        return relu6(x);
    case Kind::leakyRelu:
        return x < 0 ? activation.parameter * x : x;
    case Kind::prelu:
        return x < 0 ? activation.slopes->toDouble()[channel] * x : x;
    case Kind::silu:
        return x * sigmoid(x);
    case Kind::gelu:
        return x * 0.5 * std::erfc(-x / std::sqrt(2.0));
    case Kind::hardswish:
        return x * relu6(x + 3) / 6;
    case Kind::hardsigmoid:
        return relu6(x + 3) / 6;
    case Kind::sigmoid:
        return sigmoid(x);
    case Kind::tanh:
        return std::tanh(x);
    }
    return x;
}

TensorD finish(TensorD x, const ChannelAffine* affine, const TensorD* addend, const Activation* activation) {
    return filled(x.shape(), [&](auto n, auto c, auto r, auto q) {
        double v = at(x, n, c, r, q);
        const auto k = static_cast<std::size_t>(c);
        if (affine) v = affine->scale[k] * v + affine->shift[k];
        if (addend) v += at(*addend, n, c, r, q);
        return activation ? activate(*activation, c, v) : v;
    });
}

TensorD pad(const Padding& p, const std::vector<double>& value, const TensorD& x) {
    const Shape out{x.size(0), x.size(1), x.size(2) + p.top + p.bottom, x.size(3) + p.left + p.right};
    return filled(out, [&](auto n, auto c, auto r, auto q) {
        const std::int64_t y = r - p.top, u = q - p.left;
        const bool inside = y >= 0 && y < x.size(2) && u >= 0 && u < x.size(3);
        return inside ? at(x, n, c, y, u) : value[static_cast<std::size_t>(c)];
    });
}

TensorD averagePool(const AvgPool& pool, const TensorD& x, std::int64_t oh, std::int64_t ow) {
    const Padding& p = pool.padding;
    return filled({x.size(0), x.size(1), oh, ow}, [&](auto n, auto c, auto r, auto q) {
        double sum = 0, real = 0, counted = 0;
        for (std::int64_t v = 0; v < pool.kernel.h; ++v)
            for (std::int64_t u = 0; u < pool.kernel.w; ++u) {
                const std::int64_t y = r * pool.stride.h + v - p.top, k = q * pool.stride.w + u - p.left;
                const bool inside = y >= 0 && y < x.size(2) && k >= 0 && k < x.size(3);
                real += inside;
                // What ceil mode adds beyond the padding counts never.
                counted += y < x.size(2) + p.bottom && k < x.size(3) + p.right;
                sum += at(x, n, c, y, k);
            }
        return sum / (pool.countsPadding ? counted : real);
    });
}

TensorD concat(const std::vector<TensorD>& parts) {
    Shape out = parts.front().shape();
    out[1] = 0;
    for (const TensorD& part : parts)
        out[1] += part.size(1);
    return filled(out, [&](auto n, auto c, auto r, auto q) {
        std::size_t i = 0;
        while (c >= parts[i].size(1))
            c -= parts[i++].size(1);
        return at(parts[i], n, c, r, q);
    });
}

Moments moments(const TensorD& x) {
    Moments all;
    all.samples = x.size(0) * x.size(2) * x.size(3);
    const auto average = [&](std::int64_t c, auto function) {
        long double sum = 0;
        for (std::int64_t n = 0; n < x.size(0); ++n)
            for (std::int64_t r = 0; r < x.size(2); ++r)
                for (std::int64_t q = 0; q < x.size(3); ++q)
                    sum += function(at(x, n, c, r, q));
        return static_cast<double>(sum / static_cast<long double>(all.samples));
    };
    for (std::int64_t c = 0; c < x.size(1); ++c) {
        all.mean.push_back(average(c, [](double v) { return static_cast<long double>(v); }));
        const long double mean = all.mean.back();
        all.var.push_back(average(c, [mean](double v) { return (v - mean) * (v - mean); }));
    }
    return all;
}

TensorD integers(Shape shape, std::mt19937_64& generator, int limit) {
    TensorD t(std::move(shape));
    std::uniform_int_distribution<int> uniform(-limit, limit);
    for (double& v : t.edit())
        v = uniform(generator);
    return t;
}

TensorD reals(Shape shape, std::mt19937_64& generator) {
    TensorD t(std::move(shape));
    std::uniform_real_distribution<float> uniform(-1.0f, 1.0f);
    for (double& v : t.edit())
        v = static_cast<double>(uniform(generator));
    return t;
}

double largest(const TensorD& x) {
    double most = 0;
    for (const double v : x.values())
        most = std::max(most, std::abs(v));
    return most;
}

double largestDifference(const TensorD& a, const TensorD& b) {
    if (a.shape() != b.shape()) return std::numeric_limits<double>::infinity();
    double most = 0;
    for (std::int64_t i = 0; i < a.count(); ++i) {
        const double d = std::abs(a[i] - b[i]);
        if (!(d <= most)) most = d; // NaN stays
        if (std::isnan(d)) break;
    }
    return most;
}

} // namespace rp::naive

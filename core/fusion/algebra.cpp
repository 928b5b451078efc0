// SPDX-License-Identifier: Apache-2.0
#include "core/fusion/algebra.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Core>

namespace rp::fusion {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Elements of one output channel's kernel.
std::int64_t rowSize(const Kernel& k) { return k.weight.count() / std::max<std::int64_t>(k.outChannels(), 1); }

TensorD zeroBias(std::int64_t channels) { return TensorD(Shape{channels}); }

/// Copies tap (y, x) of every channel pair of `from` to tap `place(y, x)` of `to`.
template<class Place>
void moveTaps(const TensorD& from, TensorD& to, Place place) {
    const std::int64_t pairs = from.size(0) * from.size(1);
    const std::int64_t kh = from.size(2), kw = from.size(3), area = to.size(2) * to.size(3);
    const std::span<double> out = to.edit();
    for (std::int64_t pair = 0; pair < pairs; ++pair)
        for (std::int64_t y = 0; y < kh; ++y)
            for (std::int64_t x = 0; x < kw; ++x)
                out[static_cast<std::size_t>(pair * area + place(y, x))] = from[(pair * kh + y) * kw + x];
}

/// One tap of the kernel as a matrix [oc of group, ic of group].
Matrix tapMatrix(const Kernel& k, std::int64_t group, std::int64_t y, std::int64_t x) {
    const std::int64_t rows = k.outChannels() / k.groups, columns = k.weight.size(1);
    const std::int64_t kh = k.weight.size(2), kw = k.weight.size(3);
    Matrix m(rows, columns);
    for (std::int64_t o = 0; o < rows; ++o)
        for (std::int64_t i = 0; i < columns; ++i)
            m(o, i) = k.weight[(((group * rows + o) * columns + i) * kh + y) * kw + x];
    return m;
}

} // namespace

Kernel affineAfter(Kernel kernel, const ChannelAffine& affine) {
    const auto row = static_cast<std::size_t>(rowSize(kernel));
    const std::span<double> w = kernel.weight.edit();
    const std::span<double> b = kernel.bias.edit();
    for (std::size_t o = 0; o < b.size(); ++o) {
        for (std::size_t i = 0; i < row; ++i) w[o * row + i] *= affine.scale[o];
        b[o] = b[o] * affine.scale[o] + affine.shift[o];
    }
    return kernel;
}

Kernel affineBefore(const ChannelAffine& affine, Kernel kernel) {
    const std::int64_t oc = kernel.outChannels(), perGroup = kernel.weight.size(1);
    const std::int64_t area = kernel.weight.size(2) * kernel.weight.size(3);
    const std::span<double> w = kernel.weight.edit();
    const std::span<double> b = kernel.bias.edit();
    for (std::int64_t o = 0; o < oc; ++o)
        for (std::int64_t i = 0; i < perGroup; ++i) {
            const auto input = static_cast<std::size_t>(o / (oc / kernel.groups) * perGroup + i);
            for (std::int64_t t = 0; t < area; ++t) {
                double& tap = w[static_cast<std::size_t>((o * perGroup + i) * area + t)];
                b[static_cast<std::size_t>(o)] += affine.shift[input] * tap;
                tap *= affine.scale[input];
            }
        }
    return kernel;
}

Kernel identityKernel(std::int64_t channels, std::int64_t groups, Extent extent) {
    const std::int64_t perGroup = channels / groups, area = extent.h * extent.w;
    const std::int64_t centre = (extent.h / 2) * extent.w + extent.w / 2;
    Kernel kernel{TensorD(Shape{channels, perGroup, extent.h, extent.w}), zeroBias(channels), groups};
    const std::span<double> w = kernel.weight.edit();
    for (std::int64_t o = 0; o < channels; ++o)
        w[static_cast<std::size_t>((o * perGroup + o % perGroup) * area + centre)] = 1.0;
    return kernel;
}

Kernel averageKernel(std::int64_t channels, Extent extent) {
    Kernel kernel{TensorD(Shape{channels, 1, extent.h, extent.w}), zeroBias(channels), channels};
    std::ranges::fill(kernel.weight.edit(), 1.0 / static_cast<double>(extent.h * extent.w));
    return kernel;
}

Kernel embed(const Kernel& kernel, Extent before, Extent extent) {
    if (kernel.extent() == extent && before == Extent{0, 0}) return kernel;
    Kernel result{TensorD(Shape{kernel.weight.size(0), kernel.weight.size(1), extent.h, extent.w}), kernel.bias,
                  kernel.groups};
    moveTaps(kernel.weight, result.weight,
             [&](std::int64_t y, std::int64_t x) { return (y + before.h) * extent.w + x + before.w; });
    return result;
}

Kernel undilate(const Kernel& kernel, Extent dilation) {
    if (dilation == Extent{1, 1}) return kernel;
    const Extent k = kernel.extent();
    const Extent dense{(k.h - 1) * dilation.h + 1, (k.w - 1) * dilation.w + 1};
    Kernel result{TensorD(Shape{kernel.weight.size(0), kernel.weight.size(1), dense.h, dense.w}), kernel.bias,
                  kernel.groups};
    moveTaps(kernel.weight, result.weight,
             [&](std::int64_t y, std::int64_t x) { return y * dilation.h * dense.w + x * dilation.w; });
    return result;
}

Kernel withGroups(const Kernel& kernel, std::int64_t groups) {
    if (kernel.groups == groups) return kernel;
    const Shape& s = kernel.weight.shape();
    const std::int64_t oc = s[0], narrow = s[1], area = s[2] * s[3];
    const std::int64_t wide = kernel.inChannels() / groups; // input channels per new group
    Kernel result{TensorD(Shape{oc, wide, s[2], s[3]}), kernel.bias, groups};
    const std::span<double> out = result.weight.edit();
    for (std::int64_t o = 0; o < oc; ++o) {
        const std::int64_t firstInput = o / (oc / kernel.groups) * narrow; // first input channel that o reads
        const std::int64_t offset = firstInput % wide;
        const double* from = kernel.weight.values().data() + o * narrow * area;
        std::copy(from, from + narrow * area, out.begin() + (o * wide + offset) * area);
    }
    return result;
}

Kernel add(Kernel a, const Kernel& b) {
    const std::span<double> weight = a.weight.edit(), bias = a.bias.edit();
    std::ranges::transform(weight, b.weight.values(), weight.begin(), std::plus<>());
    std::ranges::transform(bias, b.bias.values(), bias.begin(), std::plus<>());
    return a;
}

Kernel concat(const Kernel& a, const Kernel& b) {
    auto joined = [](const TensorD& x, const TensorD& y) {
        std::vector<double> all(x.values().begin(), x.values().end());
        all.insert(all.end(), y.values().begin(), y.values().end());
        Shape shape = x.shape();
        shape[0] += y.size(0);
        return TensorD(std::move(shape), std::move(all));
    };
    return {joined(a.weight, b.weight), joined(a.bias, b.bias), 1};
}

Kernel compose(const Kernel& first, Extent firstStride, const Kernel& second) {
    const Extent k1 = first.extent(), k2 = second.extent();
    const Extent k{k1.h + firstStride.h * (k2.h - 1), k1.w + firstStride.w * (k2.w - 1)};
    const std::int64_t groups = second.groups, ic = first.weight.size(1);
    const std::int64_t rows = second.outChannels() / groups, middle = second.weight.size(1);
    Kernel result{TensorD(Shape{second.outChannels(), ic, k.h, k.w}), second.bias, groups};
    const std::span<double> w = result.weight.edit();
    const std::span<double> b = result.bias.edit();
    for (std::int64_t g = 0; g < groups; ++g) {
        const Eigen::Map<const Eigen::VectorXd> bias1(first.bias.values().data() + g * middle, middle);
        for (std::int64_t v = 0; v < k2.h; ++v)
            for (std::int64_t u = 0; u < k2.w; ++u) {
                const Matrix outer = tapMatrix(second, g, v, u); // [rows, middle]
                const Eigen::VectorXd shift = outer * bias1;
                for (std::int64_t o = 0; o < rows; ++o) b[static_cast<std::size_t>(g * rows + o)] += shift(o);
                for (std::int64_t y = 0; y < k1.h; ++y)
                    for (std::int64_t x = 0; x < k1.w; ++x) {
                        const Matrix product = outer * tapMatrix(first, g, y, x); // [rows, ic]
                        const std::int64_t at = (y + firstStride.h * v) * k.w + x + firstStride.w * u;
                        for (std::int64_t o = 0; o < rows; ++o)
                            for (std::int64_t i = 0; i < ic; ++i)
                                w[static_cast<std::size_t>(((g * rows + o) * ic + i) * k.h * k.w + at)] += product(o, i);
                    }
            }
    }
    return result;
}

TensorD positionNorms(const Kernel& kernel) {
    const Extent k = kernel.extent();
    TensorD norms(Shape{k.h, k.w});
    const std::span<double> sums = norms.edit();
    const std::span<const double> weight = kernel.weight.values();
    for (std::size_t i = 0; i < weight.size(); ++i) sums[i % sums.size()] += weight[i] * weight[i];
    for (double& sum : sums) sum = std::sqrt(sum);
    return norms;
}

} // namespace rp::fusion

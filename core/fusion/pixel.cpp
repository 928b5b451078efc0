// SPDX-License-Identifier: Apache-2.0
#include "core/fusion/pixel.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace rp::fusion {
namespace {

/// Shape [n, oc, oh, ow] of the convolution's output; checks that the map and the place fit.
Shape checkedOutput(const Conv& conv, const TensorD& x, const PixelPlace& place) {
    const Shape& w = conv.weight.shape();
    const std::int64_t channels = w[1] * conv.groups;
    if (x.shape().size() != 4 || x.size(1) != channels)
        throw Error(ErrorCode::shapeMismatch, {"explain a pixel", fmt::format("a map of {} channels", channels),
                                               toString(x.shape()), "take the block's own input"});
    const Padding& p = conv.padding;
    const Shape out{x.size(0), w[0], windowOutput(x.size(2), w[2], conv.stride.h, p.top, p.bottom, conv.dilation.h),
                    windowOutput(x.size(3), w[3], conv.stride.w, p.left, p.right, conv.dilation.w)};
    const std::int64_t at[]{place.sample, place.channel, place.y, place.x};
    for (std::size_t axis = 0; axis < 4; ++axis)
        if (at[axis] < 0 || at[axis] >= out[axis])
            throw Error(ErrorCode::shapeMismatch,
                        {"explain a pixel", fmt::format("an element of {}", toString(out)),
                         fmt::format("[{}, {}, {}, {}]", at[0], at[1], at[2], at[3]), "choose another element"});
    return out;
}

/// The map under the window; taps in the padding hold 0 and are marked.
void readPatch(const Conv& conv, const TensorD& x, PixelExplanation& pixel) {
    const Shape& w = conv.weight.shape();
    const std::int64_t height = x.size(2), width = x.size(3);
    pixel.firstChannel = pixel.place.channel / (w[0] / conv.groups) * w[1];
    pixel.top = pixel.place.y * conv.stride.h - conv.padding.top;
    pixel.left = pixel.place.x * conv.stride.w - conv.padding.left;
    pixel.step = conv.dilation;
    pixel.patch = TensorD(Shape{w[1], w[2], w[3]});
    pixel.isPadding.resize(static_cast<std::size_t>(w[2] * w[3]));
    auto to = pixel.patch.edit().begin();
    for (std::int64_t i = 0; i < w[1]; ++i)
        for (std::int64_t v = 0; v < w[2]; ++v)
            for (std::int64_t u = 0; u < w[3]; ++u, ++to) {
                const std::int64_t row = pixel.top + v * conv.dilation.h, column = pixel.left + u * conv.dilation.w;
                const bool isInside = row >= 0 && row < height && column >= 0 && column < width;
                pixel.isPadding[static_cast<std::size_t>(v * w[3] + u)] = !isInside;
                if (isInside)
                    *to = x[((pixel.place.sample * x.size(1) + pixel.firstChannel + i) * height + row) * width + column];
            }
}

PixelTerm termOf(const std::string& name, const TensorD& weight, double bias, const PixelExplanation& pixel) {
    const Shape& shape = pixel.patch.shape();
    const auto count = static_cast<std::size_t>(pixel.patch.count());
    const auto taps = static_cast<std::size_t>(shape[1] * shape[2]);
    const auto kernel = weight.values().subspan(static_cast<std::size_t>(pixel.place.channel) * count, count);
    PixelTerm term{name, TensorD(shape, {kernel.begin(), kernel.end()}), TensorD(shape), {}, bias, bias};
    const std::span<double> products = term.products.edit();
    std::ranges::transform(kernel, pixel.patch.values(), products.begin(), std::multiplies<>());
    for (std::size_t start = 0; start < count; start += taps) {
        const auto channel = products.subspan(start, taps);
        term.channels.push_back(std::accumulate(channel.begin(), channel.end(), 0.0));
        term.value += term.channels.back();
    }
    return term;
}

} // namespace

PixelExplanation explainPixel(std::span<const std::pair<std::string, Kernel>> branches, const Conv& fused, std::int64_t rim,
                              const TensorD& x, const PixelPlace& place) {
    const Shape out = checkedOutput(fused, x, place);
    PixelExplanation pixel;
    pixel.place = place;
    readPatch(fused, x, pixel);
    pixel.isInRim = place.y < rim || place.x < rim || place.y >= out[2] - rim || place.x >= out[3] - rim;
    for (const auto& [name, kernel] : branches) {
        if (kernel.weight.shape() != fused.weight.shape())
            throw Error(ErrorCode::shapeMismatch, {name, "a kernel " + toString(fused.weight.shape()),
                                                   toString(kernel.weight.shape()), "embed it like the sum"});
        pixel.branches.push_back(termOf(name, kernel.weight, kernel.bias[place.channel], pixel));
        pixel.sum += pixel.branches.back().value;
    }
    const double bias = fused.bias ? fused.bias->toDouble()[place.channel] : 0;
    pixel.fused = termOf("fused", fused.weight.toDouble(), bias, pixel);
    pixel.order.resize(pixel.fused.channels.size());
    std::iota(pixel.order.begin(), pixel.order.end(), std::int64_t{0});
    std::ranges::stable_sort(pixel.order, std::greater<>(), [&](std::int64_t i) {
        const double share = std::abs(pixel.fused.channels[static_cast<std::size_t>(i)]);
        return std::isnan(share) ? HUGE_VAL : share;
    });
    return pixel;
}

} // namespace rp::fusion

// SPDX-License-Identifier: Apache-2.0
#include "core/model/affine.h"

#include <cmath>

namespace rp {

ChannelAffine affineOf(const Norm& norm, std::span<const double> mean, std::span<const double> var) {
    const std::size_t channels = mean.size();
    ChannelAffine affine{std::vector<double>(channels, 1.0), std::vector<double>(channels, 0.0)};
    const TensorD gamma = norm.gamma ? norm.gamma->toDouble() : TensorD();
    const TensorD beta = norm.beta ? norm.beta->toDouble() : TensorD();
    for (std::size_t c = 0; c < channels; ++c) {
        const double g = norm.gamma ? gamma.values()[c] : 1.0;
        const double b = norm.beta ? beta.values()[c] : 0.0;
        affine.scale[c] = g / std::sqrt(var[c] + norm.eps);
        affine.shift[c] = b - mean[c] * affine.scale[c];
    }
    return affine;
}

ChannelAffine affineOf(const Norm& norm) {
    return affineOf(norm, norm.mean.toDouble().values(), norm.var.toDouble().values());
}

ChannelAffine affineOf(const Scale& scale, std::int64_t channels) {
    const auto count = static_cast<std::size_t>(channels);
    ChannelAffine affine{std::vector<double>(count, 1.0), std::vector<double>(count, 0.0)};
    // A scalar (one element) applies to every channel.
    auto spread = [count](const Param& param, std::vector<double>& to) {
        const TensorD values = param.toDouble();
        for (std::size_t c = 0; c < count; ++c) to[c] = values.values()[values.count() == 1 ? 0 : c];
    };
    if (scale.factor) spread(*scale.factor, affine.scale);
    if (scale.offset) spread(*scale.offset, affine.shift);
    return affine;
}

} // namespace rp

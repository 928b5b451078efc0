// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/expr.h"

#include <span>
#include <vector>

namespace rp {

/// y = scale[c] x + shift[c].
struct ChannelAffine {
    std::vector<double> scale, shift;
};

/// A Norm with given statistics: scale = gamma / sqrt(var + eps), shift = beta - mean * scale.
ChannelAffine affineOf(const Norm& norm, std::span<const double> mean, std::span<const double> var);
/// … with its running statistics.
ChannelAffine affineOf(const Norm& norm);
ChannelAffine affineOf(const Scale& scale, std::int64_t channels);

} // namespace rp

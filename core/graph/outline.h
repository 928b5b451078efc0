// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/expr.h"

namespace rp::graph {

/// The convolution that an expression would merge into, without its numbers.
struct Outline {
    std::int64_t in = 0, out = 0, groups = 1;
    Extent kernel, stride;
    std::int64_t top = 0, left = 0; ///< padding before

    /// Multiplications per output pixel.
    double multiplications() const;
};

/// Extents compose as k = k1 + s1 (k2 - 1), strides multiply, groups are what all parts share.
Outline outlineOf(const Expr& expr, std::int64_t inChannels);

} // namespace rp::graph

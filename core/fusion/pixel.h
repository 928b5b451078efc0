// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/algebra.h"
#include "core/model/expr.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace rp::fusion {

/// An element of what a block's body puts out.
struct PixelPlace {
    std::int64_t sample = 0, channel = 0, y = 0, x = 0;
    friend bool operator==(const PixelPlace&, const PixelPlace&) = default;
};

/// What one kernel adds up to at one place: value = bias + sum over i, v, u of kernel[i, v, u] patch[i, v, u].
struct PixelTerm {
    std::string name;
    TensorD kernel;               ///< [ic/groups, kh, kw], of the place's output channel
    TensorD products;             ///< the same shape: kernel times patch
    std::vector<double> channels; ///< by input channel of the patch, the sum of its products
    double bias = 0;
    double value = 0;
};

/// One element of a convolution's output taken apart, in float64.
struct PixelExplanation {
    PixelPlace place;
    std::int64_t firstChannel = 0;  ///< the map's channel that the patch begins with
    std::int64_t top = 0, left = 0; ///< the map's row and column under the window's first tap; negative in the padding
    Extent step;                    ///< from tap to tap
    TensorD patch;                  ///< [ic/groups, kh, kw]: what the window sees, 0 in the padding
    std::vector<bool> isPadding;    ///< by tap, kh x kw
    bool isInRim = false;           ///< the branches themselves give something else here (fused exact inside only)
    std::vector<PixelTerm> branches;
    double sum = 0;                 ///< of the branches' values
    PixelTerm fused;
    std::vector<std::int64_t> order; ///< channels of the patch, those whose products count most in `fused` first
};

/// Takes one output element of `fused` (a convolution as phase deploy runs it) and of the branch kernels embedded like it
/// (`FuseResult::branches`; may be empty) apart. `rim` is that of `Fused`. `x` is [n, ic, h, w]. Throws `shapeMismatch`
/// when the map does not fit or there is no such element.
PixelExplanation explainPixel(std::span<const std::pair<std::string, Kernel>> branches, const Conv& fused, std::int64_t rim,
                              const TensorD& x, const PixelPlace& place);

} // namespace rp::fusion

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"
#include "core/verify/compare.h"
#include "core/verify/rounded_kernel.h"

#include <optional>
#include <string>
#include <vector>

namespace rp::verify {

/// A channel whose rounding costs most in one format.
struct OutlierChannel {
    std::int64_t channel = 0;
    double largest = 0;    ///< max |K| of the channel
    double timesMedian = 0; ///< of the median of all channels' max |K|: what it makes the step of a whole tensor too coarse by
    double timesSpread = 0; ///< max |K| / root mean square of its own numbers: what it makes its own step too coarse by
    bool atCentre = false;  ///< whether its largest number stands on the centre tap, where 1x1 and identity are added
    double share = 0;      ///< of the energy of the block's output error in that format, [0, 1]
};

/// What a storage format does to one block, on one input, locally.
struct FormatDamage {
    KernelFormat format = KernelFormat::float32;
    std::string none; ///< why there is no figure (a number overflows)
    std::optional<Comparison> weight, output;             ///< fused kernel and its output, float64 arithmetic, activations exact
    std::optional<Comparison> branchWeight, branchOutput; ///< every branch's kernel (norm folded in) rounded on its own, then summed
    std::optional<Comparison> executed;                   ///< output when weights and activations are really run so; none where oneDNN cannot
    std::string executedBy;                               ///< oneDNN's name of what ran
    std::vector<OutlierChannel> outliers;                 ///< the three that cost most
};

struct BlockPrecision {
    std::vector<FormatDamage> formats; ///< all of `kKernelFormats`
    const FormatDamage& of(KernelFormat format) const;
};

/// Rounds the fused kernel and each branch and measures on `input`, whose float64 sum of branches is `branches`.
/// Precondition: `fused` is the block's fused convolution, rounded to float32.
BlockPrecision measurePrecision(const Block& block, const ExprPtr& fused, const TensorD& input, const TensorD& branches);

} // namespace rp::verify
